using System.Text.Json.Nodes;
using Supervisor.Control;
using Supervisor.Evidence;
using Supervisor.Tests.Doubles;
using static Supervisor.Tests.Doubles.Shell;

namespace Supervisor.Tests.Evidence;

[Collection(nameof(WithDocker))]
public sealed class JobEvidenceTests
{
    private static async Task<JobRecord> RecordAsync(RunnerHost host, int number = 1)
    {
        await RunnerHost.UntilAsync(() => Task.FromResult(host.History.Last(9, _ => true).Count >= number), $"job {number} is in the history");
        return host.History.Last(1, _ => true).Single();
    }

    [Fact]
    public async Task A_job_that_is_over_is_in_the_history_the_journal_and_the_metrics()
    {
        await using var host = new RunnerHost();
        host.Pool["environment"] = new JsonObject { ["JOB_STARTED"] = "GITHUB_REPOSITORY=acme/widgets\\nGITHUB_WORKFLOW=ci\\nGITHUB_RUN_ID=42\\n" };
        host.Metrics = $"127.0.0.1:{Ports.Free()}";
        host.WriteSettings();
        using var journald = new JournalDouble(host.Options.JournalSocket);
        host.Start();
        var before = DateTimeOffset.UtcNow;
        var busy = await host.RunJobAsync(1, "build");
        await Task.Delay(1000, TestContext.Current.CancellationToken);
        await host.EndJobAsync(busy);

        var record = await RecordAsync(host);
        record.ShouldSatisfyAllConditions(
            job => job.Repository.ShouldBe("acme/widgets"), job => job.Workflow.ShouldBe("ci"), job => job.RunId.ShouldBe(42), job => job.Job.ShouldBe("build"),
            job => job.Slot.ShouldBe(host.Slot(1)), job => job.Runner.ShouldBe(busy.Runner), job => job.Pool.ShouldBe("default"), job => job.Image.ShouldBe(RunnerImage.Name),
            job => job.Conclusion.ShouldBe("succeeded"), job => job.ExitCode.ShouldBe(0), job => job.QueueSeconds.ShouldBe(7),
            job => job.Seconds!.Value.ShouldBeInRange(1, 20), job => job.Started!.Value.ShouldBeGreaterThan(before), job => job.Ended.ShouldBeLessThanOrEqualTo(DateTimeOffset.UtcNow));
        host.GitHub.Calls.ShouldContain(call => call.Path == "/repos/acme/widgets/actions/runs/42/jobs");

        (await journald.MessagesAsync("CONTAINER_ID_FULL", busy.Container!, 3)).ShouldBe(
            ["2026-01-01 00:00:00Z: Listening for Jobs", "2026-01-01 00:00:01Z: Running job: build", "2026-01-01 00:00:02Z: Job build completed with result: Succeeded"]);
        await host.UntilAsync(1, status => status.State == "Idle" && status.Container != busy.Container);
        using var client = new HttpClient();
        var metrics = (await client.GetStringAsync($"http://{host.Metrics}/metrics", TestContext.Current.CancellationToken)).Split('\n');
        metrics.ShouldContain("""github_runners_jobs_total{pool="default",conclusion="succeeded"} 1""");
        metrics.ShouldContain("""github_runners_slots{pool="default",state="Idle"} 1""");
        metrics.ShouldContain("""github_runners_recycle_seconds_count{pool="default"} 1""");
        metrics.ShouldContain("""github_runners_job_queue_seconds_sum{pool="default"} 7""");

        (await host.ControlAsync("history", "1")).Output.ShouldContain("acme/widgets");
        JsonNode.Parse((await host.ControlAsync("history", "--json", "--slot", "1")).Output)!["runId"]!.GetValue<long>().ShouldBe(42);
        (await host.ControlAsync("history", "2")).Output.ShouldStartWith("No job has run");
    }

    [Fact]
    public async Task A_job_that_outlives_a_change_of_pools_is_the_pools_that_it_began_in()
    {
        await using var host = new RunnerHost();
        host.Start();
        var busy = await host.RunJobAsync(1, "long");
        host.Pool["name"] = "other";
        host.WriteSettings();
        await host.Control.SendAsync(new ControlRequest { Command = "reload" });
        await host.UntilAsync(1, status => status.Pool == "other");
        await host.EndJobAsync(busy);

        (await RecordAsync(host)).Pool.ShouldBe("default");
    }

    [Fact]
    public async Task A_job_without_a_hook_and_one_whose_runner_is_killed_are_recorded_too()
    {
        await using var host = new RunnerHost();
        host.Start();
        await host.EndJobAsync(await host.RunJobAsync(1, "one"));
        (await RecordAsync(host)).ShouldSatisfyAllConditions(job => job.Repository.ShouldBeNull(), job => job.QueueSeconds.ShouldBeNull(), job => job.Job.ShouldBe("one"));

        var busy = await host.RunJobAsync(1, "two");
        host.GitHub.Registrations.TryRemove(busy.RunnerId!.Value, out _);
        await Shell.DockerAsync("kill", busy.Container!);
        (await RecordAsync(host, 2)).ShouldSatisfyAllConditions(
            job => job.Conclusion.ShouldBe("lost"), job => job.ExitCode.ShouldBe(137), job => job.Job.ShouldBe("two"), job => job.Seconds!.Value.ShouldBeInRange(0, 20));
    }

    [Fact]
    public async Task A_job_that_ended_while_no_supervisor_ran_is_recorded_and_its_output_copied_once()
    {
        await using var host = new RunnerHost();
        using var journald = new JournalDouble(host.Options.JournalSocket);
        host.Start();
        var busy = await host.RunJobAsync(1, "long");
        await journald.MessagesAsync("CONTAINER_ID_FULL", busy.Container!, 2);
        await host.StopAsync();
        await host.EndJobAsync(busy);
        await Shell.DockerAsync("wait", busy.Container!);

        host.Start();
        (await RecordAsync(host)).ShouldSatisfyAllConditions(
            job => job.Job.ShouldBe("long"), job => job.Conclusion.ShouldBe("succeeded"), job => job.Runner.ShouldBe(busy.Runner));
        await host.UntilIdleAsync();
        (await journald.MessagesAsync("CONTAINER_ID_FULL", busy.Container!, 3)).Length.ShouldBe(3);
    }

    [Fact]
    public async Task A_job_whose_container_others_removed_is_recorded_as_lost_and_leaves_nothing()
    {
        using var looking = new ManualResetEventSlim(true);
        using var engine = new EngineProxy
        {
            Answers = request =>
            {
                if (request.Contains("/containers/json", StringComparison.Ordinal))
                    looking.Wait(TestContext.Current.CancellationToken);
                return null;
            },
        };
        await using var host = new RunnerHost { DockerSocket = engine.Path };
        host.Start();
        var busy = await host.RunJobAsync(1, "one");
        host.GitHub.Registrations[busy.RunnerId!.Value].Busy = false;
        // At no moment is it seen as ended.
        looking.Reset();
        await DockerAsync("rm", "--force", busy.Container!);
        looking.Set();

        (await RecordAsync(host)).ShouldSatisfyAllConditions(
            job => job.Conclusion.ShouldBe("lost"), job => job.Job.ShouldBe("one"), job => job.Runner.ShouldBe(busy.Runner), job => job.PeakMemoryBytes.ShouldNotBeNull());
        var next = await host.UntilAsync(1, status => status.State == "Idle" && status.Container != busy.Container);
        host.GitHub.Registrations.Keys.ShouldBe([next.RunnerId!.Value]);
        GroupsOf(busy.Runner!).ShouldBeEmpty();
        host.History.Last(9, _ => true).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Two_jobs_of_a_slot_that_overlap_are_each_limited_and_measured()
    {
        await using var host = new RunnerHost();
        host.Pool["environment"] = new JsonObject { ["LINGER"] = "1" };
        host.Pool["memoryBytes"] = 300 << 20;
        host.WriteSettings();
        host.Start();
        var one = await host.RunJobAsync(1, "one");
        await host.EndJobAsync(one);
        await host.UntilAsync(1, status => status.State == "Idle" && status.Container != one.Container);
        var two = await host.RunJobAsync(1, "two");
        (await DockerAsync("inspect", "--format", "{{.HostConfig.CgroupParent}}", two.Container!)).ShouldContain(two.Runner!.Split('-')[^1]);
        await host.EndJobAsync(two);

        await RecordAsync(host, 2);
        host.History.Last(9, _ => true).Select(job => job.Job).Order().ShouldBe(["one", "two"]);
        host.History.Last(9, _ => true).ShouldAllBe(job => job.PeakMemoryBytes > 0);
    }

    private static IEnumerable<string> GroupsOf(string runner) =>
        Directory.EnumerateDirectories("/sys/fs/cgroup", runner, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 });
}
