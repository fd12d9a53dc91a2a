using System.Text.Json;
using Integration.Running;

namespace Integration.Stations;

/// <summary>The program as people and scripts start it: what its switches let it do, and the exit codes that it says so with.</summary>
[Collection("fleet")]
public sealed class S5_Program(LabFixture lab)
{
    private const int Done = 0, Failed = 1, WrongUsage = 2, WouldChange = 3;
    private static readonly string[] Chain = ["CreateVm", "BootstrapHost", "BuildCustomImage", "DeployRunners"];

    [Fact]
    public async Task A_second_deployment_has_nothing_to_do()
    {
        var ended = await RunAsync("DeployRunners");

        ended.ExitCode.ShouldBe(Done, ended.Output);
        foreach (var target in Chain)
            Line(ended, target).ShouldContain("nothing to do");
    }

    [Fact]
    public async Task A_dry_run_says_what_would_change_and_changes_nothing()
    {
        await lab.SettleAsync();
        lab.Write("changed.yml", FleetText.With(("plain-west]", "plain-west, more]")));
        var before = await HostState.OfAsync(lab, "west");
        lab.Proxmox.Forget();

        var ended = await RunAsync("DeployRunners", "--dry-run", "--fleet", lab.FileOf("changed.yml"));
        var same = await RunAsync("DeployRunners", "--dry-run");

        ended.ExitCode.ShouldBe(WouldChange, ended.Output);
        ended.Output.ShouldContain("supervisor.json");
        (await HostState.OfAsync(lab, "west")).ShouldBe(before);
        lab.Proxmox.Seen.ShouldAllBe(request => !request.Writes);
        same.ExitCode.ShouldBe(Done, same.Output);
    }

    [Fact]
    public async Task What_is_skipped_is_not_looked_at()
    {
        await lab.OnHostAsync("west", "rm /opt/github-runners/docker-compose.yml");
        lab.Proxmox.Forget();

        var alone = await RunAsync("DeployRunners", "--skip", "CreateVm", "BootstrapHost", "--limit", "west");
        var looks = await RunAsync("Verify", "--skip");

        alone.ExitCode.ShouldBe(Done, alone.Output);
        lab.Proxmox.Seen.ShouldNotContain(request => request.Writes);
        Line(alone, "CreateVm").ShouldContain("Skipped");
        Line(alone, "BuildCustomImage").ShouldContain("nothing to do");
        Line(alone, "DeployRunners").ShouldContain("1 change");
        alone.Output.ShouldNotContain("east");
        looks.ExitCode.ShouldBe(Done, looks.Output);
        Line(looks, "DeployRunners").ShouldContain("Skipped");
    }

    [Fact]
    public async Task Verify_that_finds_something_wrong_fails_and_says_so_in_its_report()
    {
        await lab.OnHostAsync("west", "systemctl disable github-docker-runners 2>/dev/null");

        var bad = await RunAsync("Verify", "--skip");
        var report = await ReportAsync();
        var mended = await RunAsync("DeployRunners");
        var good = await RunAsync("Verify", "--skip");

        bad.ExitCode.ShouldBe(Failed, bad.Output);
        report.RootElement.GetProperty("good").GetBoolean().ShouldBeFalse();
        mended.ExitCode.ShouldBe(Done, mended.Output);
        good.ExitCode.ShouldBe(Done, good.Output);
        (await ReportAsync()).RootElement.GetProperty("good").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData("exit 0", Done)]
    [InlineData("echo said by the job; exit 1", Failed)]
    public async Task A_job_of_the_lab_ends_with_its_conclusion(string script, int exitCode)
    {
        await lab.SettleAsync();

        var ended = await BareAsync("LabJob", "--script", script, "--labels", "plain-west");

        ended.ExitCode.ShouldBe(exitCode, ended.Output);
        ended.Output.ShouldContain("west-3-");
        if (exitCode != Done)
            ended.Output.ShouldContain("said by the job");
    }

    [Theory]
    [InlineData("DeployRunners", "--limit", "nowhere")]
    [InlineData("DeployRunners", "--fleet", "/none.yml")]
    [InlineData("DeployRunner")]
    [InlineData("DeployRunners", "--dry-runs")]
    [InlineData("LabJob")]
    public async Task Wrong_usage_has_a_code_of_its_own_and_touches_nothing(params string[] arguments)
    {
        lab.Proxmox.Forget();

        var ended = await BareAsync(arguments.Contains("--fleet") ? arguments : [.. arguments, "--fleet", lab.FileOf("fleet.yml")]);

        ended.ExitCode.ShouldBe(WrongUsage, ended.Output);
        lab.Proxmox.Seen.ShouldBeEmpty();
    }

    private Task<Ended> RunAsync(params string[] arguments) =>
        BareAsync(arguments.Contains("--fleet") ? arguments : [.. arguments, "--fleet", lab.FileOf("fleet.yml")]);

    private async Task<Ended> BareAsync(params string[] arguments)
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        using var run = BuildProcess.Start(LabFixture.Root, arguments);
        return await run.EndAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<JsonDocument> ReportAsync() =>
        JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(LabFixture.Root, "artifacts", "verify.json"), TestContext.Current.CancellationToken));

    /// <summary>Of the table at the end, whose blanks no terminal breaks lines at.</summary>
    private static string Line(Ended ended, string target) =>
        ended.Output.Replace('\u00a0', ' ').Split('\n').Last(line => line.StartsWith($"{target} ", StringComparison.Ordinal));
}
