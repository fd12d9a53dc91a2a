using System.Net;
using Integration.Running;
using Lab;
using Lab.GitHub;
using Lab.Proxmox.Faults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Integration;

/// <summary>How LabJob ends when no runner takes its job: the lab's control API in this process, the rest as people start it.</summary>
public sealed class LabJobs : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("runnerbuild-job-").FullName;
    private readonly GitHubDouble _github = new(new GitHubOptions { PublicUrl = "http://127.0.0.1", Tokens = [] }, TimeProvider.System);
    private readonly WebApplication _control;

    public LabJobs()
    {
        var lab = Directory.CreateDirectory(Path.Combine(_root, "state")).FullName;
        ProgramRoot.Make(_root, lab);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _control = builder.Build();
        ControlApi.Map(_control, _github, new FaultSwitch([]), new Health("", lab));
    }

    public async ValueTask InitializeAsync()
    {
        await _control.StartAsync();
        new LabRecord(0, "", "lab", _control.Urls.Single(), "", "", "", "").Write(Path.Combine(_root, "state", "lab.json"));
    }

    [Fact]
    public async Task It_waits_as_long_as_it_is_told_and_takes_that_for_no_conclusion()
    {
        var ended = await RunAsync("--timeout", "2");

        ended.ExitCode.ShouldBe(1, ended.Output);
        ended.Output.ShouldContain("did not end within 2 seconds");
        ended.Output.ShouldContain("The job came to no conclusion.");
    }

    [Fact]
    public async Task A_conclusion_other_than_success_is_told_as_the_jobs_own()
    {
        var running = RunAsync();
        var job = await Eventually.Async(() => Task.FromResult(_github.Jobs() is [var first, ..] ? first : null), job => job is not null, TimeSpan.FromSeconds(60));
        _github.CancelJob(job!.Id);
        var ended = await running;

        ended.ExitCode.ShouldBe(1, ended.Output);
        ended.Output.ShouldContain("conclusion: cancelled");
        ended.Output.ShouldContain("The job did not succeed.");
    }

    private async Task<Ended> RunAsync(params string[] more)
    {
        using var run = BuildProcess.Start(_root, ["LabJob", "--script", "true", .. more]);
        return await run.EndAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _control.DisposeAsync();
        _github.Dispose();
        Directory.Delete(_root, recursive: true);
    }
}
