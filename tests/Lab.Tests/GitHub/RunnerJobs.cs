namespace Lab.Tests.GitHub;

/// <summary>The stand-in program takes jobs of the double and really runs them.</summary>
public class RunnerJobs
{
    [Fact]
    public async Task A_job_runs_and_its_runner_ends()
    {
        await using var server = await DoubleServer.StartAsync();
        using var runner = RunnerProcess.Start(await server.MintAsync("one"));
        await runner.ListensAsync();
        server.GitHub.Runners().Single().ShouldSatisfyAllConditions(r => r.Online.ShouldBeTrue(), r => r.Busy.ShouldBeFalse());

        var job = await server.JobAsync(server.GitHub.QueueJob("echo hello from $((40 + 2)); pwd; echo runner=$RUNNER_NAME"));

        job.Conclusion.ShouldBe("success");
        job.RunnerName.ShouldBe("one");
        job.Log.ShouldContain("hello from 42");
        job.Log.ShouldContain("runner=one");
        job.Log.ShouldContain("_work/widgets/widgets");
        job.Log.ShouldContain("Runner name: 'one'");
        (await runner.ExitAsync()).ShouldBe(0);
        server.GitHub.Runners().ShouldBeEmpty();
        File.Exists(Path.Combine(runner.Root, ".credentials")).ShouldBeFalse();
        runner.Output.ShouldContain("Z: Running job: job");
        runner.Output.ShouldContain("Z: Job job completed with result: Succeeded");
        runner.Output.ShouldContain("√ Removed .credentials");
        runner.Output.ShouldNotContain("hello from 42");
    }

    [Fact]
    public async Task A_script_that_fails_fails_the_job_and_not_the_runner()
    {
        await using var server = await DoubleServer.StartAsync();
        using var runner = RunnerProcess.Start(await server.MintAsync("one"));
        var job = await server.JobAsync(server.GitHub.QueueJob("echo before; false; echo after"));

        job.Conclusion.ShouldBe("failure");
        job.Log.ShouldContain("Z before");
        job.Log.ShouldNotContain("Z after");
        job.Log.ShouldContain("##[error]Process completed with exit code 1.");
        (await runner.ExitAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Each_job_has_a_runner_of_its_own()
    {
        await using var server = await DoubleServer.StartAsync();
        var first = server.GitHub.QueueJob("echo 1");
        var second = server.GitHub.QueueJob("echo 2");
        using var one = RunnerProcess.Start(await server.MintAsync("one"));
        (await server.JobAsync(first)).RunnerName.ShouldBe("one");
        (await one.ExitAsync()).ShouldBe(0);
        server.GitHub.FindJob(second)!.Status.ShouldBe("queued");

        using var two = RunnerProcess.Start(await server.MintAsync("two"));
        (await server.JobAsync(second)).RunnerName.ShouldBe("two");
        (await two.ExitAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_job_sees_no_credential_of_the_registration()
    {
        await using var server = await DoubleServer.StartAsync();
        var configuration = await server.MintAsync("one");
        using var runner = RunnerProcess.Start(configuration);
        var job = await server.JobAsync(server.GitHub.QueueJob("env; cat /proc/self/environ | tr '\\0' '\\n'"));

        job.Log.ShouldContain("GITHUB_REPOSITORY=acme/widgets");
        job.Log.ShouldNotContain("JITCONFIG");
        job.Log.ShouldNotContain(configuration[..40]);
        job.Log.ShouldNotContain("GITHUB_TOKEN");
    }

    [Fact]
    public async Task Secrets_are_masked()
    {
        await using var server = await DoubleServer.StartAsync();
        using var runner = RunnerProcess.Start(await server.MintAsync("one"));
        var job = await server.JobAsync(server.GitHub.QueueJob("printf '::add-mask::hid''den\\n'; printf 'it is hid''den here\\n'"));

        job.Log.ShouldContain("it is *** here");
        job.Log.ShouldNotContain("hidden");
    }

    [Fact]
    public async Task A_cancelled_job_ends_soon_and_its_runner_with_it()
    {
        await using var server = await DoubleServer.StartAsync();
        using var runner = RunnerProcess.Start(await server.MintAsync("one"));
        var id = server.GitHub.QueueJob("echo started; sleep 60 & wait");
        await DoubleServer.UntilAsync(() => server.GitHub.FindJob(id)!.Log.Contains("Z started", StringComparison.Ordinal), "the log is not shown while the job runs");

        server.GitHub.CancelJob(id).ShouldBeTrue();

        var job = await server.JobAsync(id);
        job.Conclusion.ShouldBe("cancelled");
        job.Log.ShouldContain("##[error]The operation was canceled.");
        (await runner.ExitAsync()).ShouldBe(0);
        runner.Output.ShouldContain("completed with result: Canceled");
    }

    [Fact]
    public async Task A_job_goes_only_to_a_runner_with_all_its_labels_in_any_case()
    {
        await using var server = await DoubleServer.StartAsync();
        var id = server.GitHub.QueueJob("echo hi", ["Self-Hosted", "GPU"]);
        using var plain = RunnerProcess.Start(await server.MintAsync("plain", ["self-hosted", "linux"]));
        await plain.ListensAsync();
        using var elsewhere = RunnerProcess.Start(await server.MintAsync("elsewhere", ["self-hosted", "gpu"], "repos/ada/gadgets"));
        await elsewhere.ListensAsync();
        using var gpu = RunnerProcess.Start(await server.MintAsync("gpu", ["self-hosted", "linux", "Gpu"]));

        (await server.JobAsync(id)).RunnerName.ShouldBe("gpu");
        plain.Ended.ShouldBeFalse();
        elsewhere.Ended.ShouldBeFalse();
    }

    [Fact]
    public async Task Hooks_run_round_the_job_and_a_failing_one_keeps_steps_from_running()
    {
        await using var server = await DoubleServer.StartAsync();
        var hook = Path.Combine(server.Folder, "hook.sh");
        await File.WriteAllTextAsync(hook, "echo \"hook of $GITHUB_REPOSITORY\"\nexit 3\n");
        using var runner = RunnerProcess.Start(await server.MintAsync("one"), new() { ["ACTIONS_RUNNER_HOOK_JOB_STARTED"] = hook });
        var job = await server.JobAsync(server.GitHub.QueueJob("echo step ran"));

        job.Conclusion.ShouldBe("failure");
        job.Log.ShouldContain("hook of acme/widgets");
        job.Log.ShouldNotContain("step ran");
    }

    [Fact]
    public async Task The_worker_exists_exactly_during_the_job()
    {
        await using var server = await DoubleServer.StartAsync();
        using var runner = RunnerProcess.Start(await server.MintAsync("one"));
        await runner.ListensAsync();
        Children(runner.Id).ShouldBeEmpty();

        var id = server.GitHub.QueueJob("sleep 2");
        await DoubleServer.UntilAsync(() => server.GitHub.FindJob(id)!.Status == "in_progress", "the job does not start");
        await DoubleServer.UntilAsync(() => Children(runner.Id).Any(c => c.Contains("bin/Runner.Worker spawnclient", StringComparison.Ordinal)), "no worker");

        await server.JobAsync(id);
        await runner.ExitAsync();
    }

    private static List<string> Children(int parent) =>
    [
        .. Directory.GetDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), out _)).Select(d => Read(d, parent)).OfType<string>(),
    ];

    private static string? Read(string process, int parent)
    {
        try
        {
            var stat = File.ReadAllText($"{process}/stat");
            var isChild = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] == $"{parent}";
            return isChild ? File.ReadAllText($"{process}/cmdline").Replace('\0', ' ') : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
