using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.Versioning;

namespace Lab.Tests.GitHub;

/// <summary>
/// The official runner program, unmodified, against the double. It is no part of this project: `RUNNERBUILD_OFFICIAL_RUNNER` names its release tarball,
/// and without it these tests are skipped.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class OfficialRunner
{
    private static readonly Lazy<Task<string>> Unpacked = new(UnpackAsync);

    private static Dictionary<string, string> Plain => new() { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" };

    [Fact]
    public async Task Runs_a_job_with_a_just_in_time_configuration_and_leaves()
    {
        await using var server = await DoubleServer.StartAsync();
        using var runner = RunnerProcess.Start(await RootAsync(), await server.MintAsync("official"), Plain);
        await runner.ListensAsync();
        var job = await server.JobAsync(server.GitHub.QueueJob("echo hello from $((40 + 2)) on $RUNNER_NAME; echo \"[$GITHUB_REPOSITORY] [$GITHUB_RUN_ID]\""));

        job.Conclusion.ShouldBe("success", job.Log);
        job.RunnerName.ShouldBe("official");
        job.Log.ShouldContain("hello from 42 on official");
        job.Log.ShouldContain($"[acme/widgets] [{job.RunId}]");
        (await runner.ExitAsync()).ShouldBe(0, runner.Output);
        server.GitHub.Runners().ShouldBeEmpty();
        runner.Output.ShouldContain("completed with result: Succeeded");
    }

    [Fact]
    public async Task A_cancelled_job_ends_as_cancelled()
    {
        await using var server = await DoubleServer.StartAsync();
        using var runner = RunnerProcess.Start(await RootAsync(), await server.MintAsync("official"), Plain);
        var id = server.GitHub.QueueJob("echo started; sleep 120");
        await DoubleServer.UntilAsync(() => server.GitHub.FindJob(id)!.Status == "in_progress", runner.Output);
        await Task.Delay(2000);
        server.GitHub.CancelJob(id).ShouldBeTrue();

        (await server.JobAsync(id)).Conclusion.ShouldBe("cancelled");
        (await runner.ExitAsync()).ShouldBe(0, runner.Output);
    }

    [Fact]
    public async Task Config_sh_registers_it_for_one_job_and_removes_it()
    {
        // The program leaves the port out of the address it is configured with, so it has to be the standard one.
        await using var server = await DoubleServer.StartAsync(also: "http://127.0.66.1:80");
        var root = await RootAsync();
        async Task<string> TokenAsync(string kind) =>
            (await DoubleServer.JsonAsync(await server.Http.PostAsync($"orgs/acme/actions/runners/{kind}-token", null))).GetProperty("token").GetString()!;

        using var configure = RunnerProcess.Start(root, null, Plain, "configure", "--unattended", "--url", "http://127.0.66.1/acme", "--token", await TokenAsync("registration"),
            "--name", "by-hand", "--labels", "gpu", "--runnergroup", "ci", "--ephemeral", "--disableupdate");
        (await configure.ExitAsync()).ShouldBe(0, configure.Output);
        var made = server.GitHub.Runners().Single();
        made.Name.ShouldBe("by-hand");
        made.Labels.Order().ShouldBe(["gpu", "linux", "self-hosted", "x64"]);

        using var runner = RunnerProcess.Start(root, null, Plain);
        (await server.JobAsync(server.GitHub.QueueJob("echo hi", ["gpu"]))).Conclusion.ShouldBe("success");
        (await runner.ExitAsync()).ShouldBe(0, runner.Output);
        server.GitHub.Runners().ShouldBeEmpty();

        using var again = RunnerProcess.Start(root, null, Plain, "configure", "--unattended", "--url", "http://127.0.66.1/acme", "--token", await TokenAsync("registration"), "--name", "again");
        (await again.ExitAsync()).ShouldBe(0, again.Output);
        server.GitHub.Runners().Count.ShouldBe(1);
        using var remove = RunnerProcess.Start(root, null, Plain, "remove", "--token", await TokenAsync("remove"));
        (await remove.ExitAsync()).ShouldBe(0, remove.Output);
        server.GitHub.Runners().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_runner_that_GitHub_calls_too_old_ends()
    {
        await using var server = await DoubleServer.StartAsync();
        server.GitHub.SetFault("deprecation", "99.0.0");
        using var runner = RunnerProcess.Start(await RootAsync(), await server.MintAsync("official"), new(Plain) { ["ACTIONS_RUNNER_RETURN_VERSION_DEPRECATED_EXIT_CODE"] = "1" });
        (await runner.ExitAsync()).ShouldBe(7, runner.Output);
    }

    [Fact]
    public async Task Fifty_jobs_over_four_slots_all_succeed()
    {
        await using var server = await DoubleServer.StartAsync();
        var jobs = Enumerable.Range(0, 50).Select(i => server.GitHub.QueueJob($"echo job {i}")).ToList();
        await RootAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(slot => Task.Run(async () =>
        {
            for (var turn = 0; jobs.Exists(id => server.GitHub.FindJob(id)!.Status == "queued"); turn++)
            {
                using var runner = RunnerProcess.Start(await RootAsync(), await server.MintAsync($"slot-{slot}-{turn}"), Plain);
                while (!runner.Ended && jobs.Exists(id => server.GitHub.FindJob(id)!.Status != "completed"))
                    await Task.Delay(200);
            }
        })));

        jobs.Select(id => server.GitHub.FindJob(id)!.Conclusion).ShouldAllBe(conclusion => conclusion == "success");
        jobs.Select(id => server.GitHub.FindJob(id)!.RunnerName).Distinct().Count().ShouldBe(50);
    }

    private static async Task<string> RootAsync()
    {
        Assert.SkipWhen(Tarball is null, "RUNNERBUILD_OFFICIAL_RUNNER names no tarball of the official runner: it was not tried.");
        // Hard links: it is some hundred MB, and the program looks for its root beside its own file.
        var root = Path.Combine(Path.GetTempPath(), $"official-{Guid.NewGuid():n}");
        using var copy = System.Diagnostics.Process.Start("cp", ["-al", await Unpacked.Value, root]);
        await copy.WaitForExitAsync();
        copy.ExitCode.ShouldBe(0);
        return root;
    }

    private static string? Tarball => Environment.GetEnvironmentVariable("RUNNERBUILD_OFFICIAL_RUNNER") is { Length: > 0 } path ? path : null;

    private static async Task<string> UnpackAsync()
    {
        var root = Directory.CreateTempSubdirectory("official-release-").FullName;
        await using var zip = new GZipStream(File.OpenRead(Tarball!), CompressionMode.Decompress);
        await TarFile.ExtractToDirectoryAsync(zip, root, overwriteFiles: false);
        return root;
    }
}
