using System.Diagnostics;
using System.Runtime.CompilerServices;
using Supervisor.Evidence;

namespace Supervisor.Tests.Evidence;

/// <summary>The image's own script.</summary>
public sealed class JobStartedHookTests : IDisposable
{
    private readonly DirectoryInfo home = Directory.CreateTempSubdirectory("rbsv-home");

    private string Written => Path.Combine(home.FullName, "_diag/job-started.env");

    public void Dispose() => home.Delete(recursive: true);

    // As the runner program calls it.
    private async Task<int> RunAsync(string? poolHook = null, [CallerFilePath] string here = "")
    {
        var script = Path.Combine(Path.GetDirectoryName(here)!, "../../../runner-image/job-started.sh");
        using var process = Process.Start(new ProcessStartInfo("bash", ["-e", script])
        {
            RedirectStandardError = true,
            Environment =
            {
                ["HOME"] = home.FullName, ["GITHUB_REPOSITORY"] = "acme/widgets", ["GITHUB_WORKFLOW"] = "one\ntwo", ["GITHUB_RUN_ID"] = "42",
                ["GITHUB_RUN_ATTEMPT"] = null, ["GITHUB_EVENT_NAME"] = "push", ["POOL_HOOK_JOB_STARTED"] = poolHook,
            },
        })!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    private string Hook(string script)
    {
        var path = Path.Combine(home.FullName, "hook.sh");
        File.WriteAllText(path, script);
        return path;
    }

    [Fact]
    public async Task It_writes_down_what_the_supervisor_reads()
    {
        (await RunAsync()).ShouldBe(0);
        JobIdentity.Parse(await File.ReadAllTextAsync(Written, TestContext.Current.CancellationToken)).ShouldBe(new JobIdentity("acme/widgets", "one two", 42, null, "push"));
    }

    [Fact]
    public async Task The_pools_own_hook_runs_after_it_and_decides_about_the_job()
    {
        (await RunAsync(Hook("echo $GITHUB_RUN_ID > $HOME/seen"))).ShouldBe(0);
        (await File.ReadAllTextAsync(Path.Combine(home.FullName, "seen"), TestContext.Current.CancellationToken)).ShouldBe("42\n");
        (await RunAsync(Hook("false; true"))).ShouldBe(1);
        File.Exists(Written).ShouldBeTrue();
    }

    [Fact]
    public async Task A_home_that_cannot_be_written_fails_no_job()
    {
        await File.WriteAllTextAsync(Path.Combine(home.FullName, "_diag"), "in the way", TestContext.Current.CancellationToken);
        (await RunAsync()).ShouldBe(0);
    }
}
