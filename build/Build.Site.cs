using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using RunnerBuild;
using RunnerBuild.Config;
using RunnerBuild.Remote;
using RunnerBuild.Stages;
using RunnerBuild.Terminal;
using RunnerBuild.Verifying;

/// <summary>From parameters to the fleet that the targets work on.</summary>
partial class Build
{
    Site _site;
    bool _wouldChange;

    LabProgram Lab => new(RootDirectory);

    Report Report { get; } = new(Console.Out, Colored, Verbosity == Verbosity.Verbose);

    static bool Colored => !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    static CancellationToken Cancel => Cancellation;

    /// <summary>A fleet that cannot be used ends the run before anything happens.</summary>
    protected override void OnBuildInitialized()
    {
        if (ExecutionPlan.Contains(CreateVm) || ExecutionPlan.Contains(Verify))
            _ = Site.Chosen(FleetFile.ReadBeforeLab(Fleet), [.. Limit]);
    }

    async Task Converge(Func<Site, Stage> stage)
    {
        if (await LabIsDown())
        {
            Say("not running; all there is would be made after LabUp");
            _wouldChange = true;
            return;
        }

        var site = await OpenSite();
        var summary = await site.ConvergeAsync(stage(site), Cancel);
        ReportSummary(_ => _.AddPair("", summary));
    }

    async Task Prove(bool onlyLook)
    {
        if (DryRun)
            return;
        var site = await OpenSite();
        var checks = await Verification.RunAsync(site, onlyLook, Cancel);
        CheckTable.Write(Console.Out, checks, Colored);
        Verification.Save(checks, RootDirectory / "artifacts" / "verify.json");
        Verification.RequireGood(checks);
    }

    /// <summary>A dry run looks at a lab that runs, and does not start one.</summary>
    async Task<bool> LabIsDown() => DryRun && FleetFile.ReadBeforeLab(Fleet).Lab is not null && !await Lab.IsUpAsync(Cancel);

    async Task<Site> OpenSite()
    {
        if (_site is not null)
            return _site;
        if (FleetFile.ReadBeforeLab(Fleet).Lab is { } lab)
            await Lab.UpAsync(lab, Say, Cancel);
        var given = new Dictionary<string, string> { ["GITHUB_TOKEN"] = GitHubToken, ["PROXMOX_TOKEN"] = ProxmoxToken };
        var secrets = new SecretStore(given.Where(pair => !string.IsNullOrEmpty(pair.Value)).ToDictionary());
        return _site = new Site(FleetFile.Read(Fleet), new RunOptions(RootDirectory, [.. Limit], DryRun, AcceptHostKey), secrets, Report);
    }

    async Task StartLab() =>
        await Lab.UpAsync(FleetFile.ReadBeforeLab(Fleet).Lab ?? throw new ConfigurationException($"{Fleet} is not a fleet of the lab.", "It has no `lab:` section.", "Leave --fleet out."), Say, Cancel);

    async Task RunLabJob() =>
        Nuke.Common.Assert.True(await Lab.JobAsync(Script, Labels, Report.Raw, Cancel), "The job did not succeed.");

    void Say(string line) => Report.Note("lab", line);
}
