using System.Text.Json.Nodes;
using Supervisor.Slots;
using Supervisor.Tests.Doubles;
using static Supervisor.Tests.Doubles.Shell;

namespace Supervisor.Tests.Slots;

[Collection(nameof(WithDocker))]
public sealed class JobCycleTests
{
    [Fact]
    public async Task Each_job_gets_a_new_container_and_a_name_of_its_own()
    {
        await using var host = new RunnerHost();
        host.Start();
        var runners = new List<(string Container, string Runner)>();
        foreach (var job in (string[])["one", "two", "three"])
        {
            var busy = await host.RunJobAsync(1, job);
            busy.Job.ShouldBe(job);
            busy.Reason.ShouldBeNull();
            runners.Add((busy.Container!, busy.Runner!));
            await host.EndJobAsync(busy);
            await host.UntilAsync(1, status => status.State == "Idle" && status.Container != busy.Container);
        }
        runners.Select(runner => runner.Container).Distinct().Count().ShouldBe(3);
        runners.Select(runner => runner.Runner).Distinct().Count().ShouldBe(3);
        runners.ShouldAllBe(runner => RunnerName.IsOf(host.Name, runner.Runner));
        await RunnerHost.UntilAsync(async () => (await host.ContainersAsync()).Length == 1, "the last runner's container was removed");
        host.GitHub.Registrations.Count.ShouldBe(1);
        // A runner that had a job was taken off GitHub's list by GitHub itself.
        host.GitHub.Calls.ShouldNotContain(call => call.Method == "DELETE");
    }

    [Fact]
    public async Task A_completed_runner_that_takes_its_time_to_end_does_not_hold_up_the_next()
    {
        await using var host = new RunnerHost();
        host.Pool["environment"] = new JsonObject { ["LINGER"] = "1" };
        host.WriteSettings();
        host.Start();
        var busy = await host.RunJobAsync(1, "one");
        await host.EndJobAsync(busy);
        var next = await host.UntilAsync(1, status => status.State == "Idle" && status.Container != busy.Container);

        (await DockerAsync("inspect", "--format", "{{.Name}} {{.State.Status}}", busy.Container!)).ShouldBe($"/{busy.Runner} running");
        (await DockerAsync("inspect", "--format", "{{.Name}}", next.Container!)).ShouldBe($"/{host.Slot(1)}");
        await DockerAsync("exec", busy.Container!, "touch", "/leave");
        await RunnerHost.UntilAsync(async () => (await host.ContainersAsync()).Length == 1, "the first runner's container was removed");
        (await host.StatusAsync(1)).Container.ShouldBe(next.Container);
    }

    [Fact]
    public async Task A_completed_runner_that_never_ends_is_removed_in_the_end_also_by_the_next_supervisor()
    {
        await using var host = new RunnerHost();
        host.Pool["environment"] = new JsonObject { ["LINGER"] = "1" };
        host.WriteSettings();
        host.Start();
        var busy = await host.RunJobAsync(1, "one");
        await host.EndJobAsync(busy);
        await host.UntilAsync(1, status => status.State == "Idle" && status.Container != busy.Container);
        await host.StopAsync();
        (await host.ContainersAsync()).ShouldBe([busy.Container!]);

        host.Start();
        await RunnerHost.UntilAsync(async () => !(await host.ContainersAsync()).Contains(busy.Container), "the first runner's container was removed");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_runner_that_was_killed_in_its_job_leaves_no_registration(bool stillBusy)
    {
        await using var host = new RunnerHost();
        host.Start();
        var busy = await host.RunJobAsync(1, "one");
        var registration = host.GitHub.Registrations[busy.RunnerId!.Value];
        // GitHub may take minutes to see that the runner is gone; until then it does not let go of it.
        registration.Busy = stillBusy;
        await DockerAsync("kill", busy.Container!);
        var next = await host.UntilAsync(1, status => status.State == "Idle" && status.Container != busy.Container);
        host.GitHub.Registrations.ContainsKey(busy.RunnerId.Value).ShouldBe(stillBusy);

        registration.Online = false;
        registration.Busy = false;
        await RunnerHost.UntilAsync(() => Task.FromResult(!host.GitHub.Registrations.ContainsKey(busy.RunnerId.Value)), "the registration was deleted");
        host.GitHub.Registrations.Keys.ShouldBe([next.RunnerId!.Value]);
    }

    [Fact]
    public async Task The_runners_files_are_in_the_container_and_nowhere_that_inspect_shows()
    {
        await using var host = new RunnerHost();
        host.Start();
        var idle = await host.UntilIdleAsync();

        var files = await DockerAsync("exec", idle.Container!, "cat", "/home/runner/.runner", "/home/runner/.credentials");
        files.ShouldContain($"jit-secret-{idle.Runner}");
        files.ShouldContain("\"DisableUpdate\":\"True\"");
        (await DockerAsync("exec", idle.Container!, "stat", "-c", "%u:%g %a", "/home/runner/.credentials_rsaparams")).ShouldBe("1001:1001 600");

        var inspect = await DockerAsync("inspect", idle.Container!);
        var blob = GitHubDouble.Blob(idle.RunnerId!.Value, idle.Runner!);
        foreach (var secret in (string[])["jit-secret", "the-token", blob[..40]])
        {
            inspect.ShouldNotContain(secret);
            (await DockerAsync("exec", idle.Container!, "cat", "/proc/1/environ", "/proc/1/cmdline")).ShouldNotContain(secret);
            host.Log.ToString().ShouldNotContain(secret);
        }
        inspect.ShouldContain("\"Name\": \"no\"");
        (await DockerAsync("exec", idle.Container!, "hostname")).ShouldBe(idle.Runner);
    }

    [Fact]
    public async Task Files_of_the_host_reach_the_container_with_mode_and_owner()
    {
        await using var host = new RunnerHost();
        var source = Path.Combine(Path.GetDirectoryName(host.SettingsPath)!, "key");
        await File.WriteAllTextAsync(source, "a key", TestContext.Current.CancellationToken);
        host.Pool["files"] = new JsonArray(new JsonObject { ["path"] = "/home/runner/.ssh/id", ["from"] = source, ["mode"] = "0600" });
        host.WriteSettings();
        host.Start();
        var idle = await host.UntilIdleAsync();

        (await DockerAsync("exec", idle.Container!, "cat", "/home/runner/.ssh/id")).ShouldBe("a key");
        (await DockerAsync("exec", idle.Container!, "stat", "-c", "%u %a", "/home/runner/.ssh/id", "/home/runner/.ssh", "/home/runner"))
            .ShouldBe("1001 600\n1001 700\n0 755");
    }

    [Fact]
    public async Task A_registration_whose_container_cannot_be_made_is_deleted()
    {
        await using var host = new RunnerHost();
        await DockerAsync("create", "--name", host.Slot(1), RunnerImage.Name);
        host.Start();
        var parked = await host.UntilAsync(1, status => status.State == "Parked");

        parked.Reason!.ShouldContain("already in use");
        host.GitHub.Registrations.ShouldBeEmpty();
        host.GitHub.Mints.ShouldNotBeEmpty();
        await DockerAsync("rm", host.Slot(1));
        await host.UntilIdleAsync();
    }

    [Fact]
    public async Task An_idle_runner_that_GitHub_sent_home_is_followed_by_another_at_once()
    {
        await using var host = new RunnerHost();
        host.Start();
        var idle = await host.UntilIdleAsync();
        await Task.Delay(RunnerHost.Quick.ShortLife, TestContext.Current.CancellationToken);
        await DockerAsync("exec", idle.Container!, "sh", "-c", "echo 0 > /quit.new && busybox mv /quit.new /quit");

        var next = await host.UntilAsync(1, status => status.State == "Idle" && status.Container != idle.Container);
        next.Reason.ShouldBeNull();
        host.GitHub.Registrations.Keys.ShouldBe([next.RunnerId!.Value]);
    }

    [Fact]
    public async Task A_runner_that_ends_at_once_is_held_back_longer_each_time_and_says_why()
    {
        await using var host = new RunnerHost();
        host.Pool["environment"] = new JsonObject { ["QUIT"] = "1" };
        host.WriteSettings();
        host.Start();
        await RunnerHost.UntilAsync(() => Task.FromResult(host.GitHub.Mints.Count() >= 3), "three attempts");
        var parked = await host.UntilAsync(1, status => status.State == "Parked");

        parked.Reason!.ShouldContain("exit code 1 without taking a job; its last words: An error occurred: it does not work");
        var times = host.GitHub.Mints.Select(call => call.At).ToList();
        (times[1] - times[0]).ShouldBeGreaterThan(TimeSpan.FromSeconds(1));
        (times[2] - times[1]).ShouldBeGreaterThan(TimeSpan.FromSeconds(2));
        await RunnerHost.UntilAsync(async () => host.GitHub.Registrations.IsEmpty && (await host.ContainersAsync()).Length == 0, "the failed runners left nothing behind");
    }

    [Fact]
    public async Task A_runner_that_never_listens_is_taken_away_and_says_why()
    {
        await using var host = new RunnerHost();
        host.Pool["environment"] = new JsonObject { ["MUTE"] = "1" };
        host.WriteSettings();
        host.Start();
        var parked = await host.UntilAsync(1, status => status.State == "Parked");

        parked.Reason.ShouldBe("The runner did not listen for jobs within 6 s; its last words: Connecting.");
        host.GitHub.Registrations.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_runner_that_GitHub_has_forgotten_is_replaced()
    {
        await using var host = new RunnerHost();
        host.Start();
        var ghost = await host.UntilIdleAsync();
        host.GitHub.Registrations.Clear();

        var next = await host.UntilAsync(1, status => status.State == "Idle" && status.Container != ghost.Container);
        host.GitHub.Registrations.ShouldContainKey(next.RunnerId!.Value);
    }
}
