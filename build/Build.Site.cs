using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using RunnerBuild;
using RunnerBuild.Config;
using RunnerBuild.Operating;
using RunnerBuild.Remote;
using RunnerBuild.Stages;
using RunnerBuild.Terminal;
using RunnerBuild.Verifying;

/// <summary>From parameters to the fleet that the targets work on.</summary>
partial class Build
{
    Site _site;
    static bool _foundChanges;

    LabProgram Lab => new(RootDirectory);

    Report Report { get; } = new(NightFolder is { } folder ? new NightlyProgress(Console.Out, folder) : Console.Out, Colored, Verbosity == Verbosity.Verbose);

    static bool Colored => !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>A fleet that cannot be used ends the run before anything happens.</summary>
    protected override void OnBuildInitialized()
    {
        if (DryRun && ExecutionPlan.Contains(LabJob))
            throw new ConfigurationException("LabJob has no dry run.", "What a job would change is known to nobody before it has run.", "Leave --dry-run out.");
        if (new[] { CreateVm, Verify, Status, Drain, Resume, RemoveRunners, Doctor, Why, CreateTemplate, DestroyVm, RollbackVm, RefreshImage, RollbackImage, Nightly, InstallNightly }.Any(ExecutionPlan.Contains))
            _ = Site.Chosen(FleetFile.ReadBeforeLab(Fleet), [.. Limit]);
    }

    protected override void OnBuildFinished() => Task.Run(async () =>
    {
        _foundChanges |= _site is { FoundChanges: true };
        if (Json && _site is not null && !new[] { Status, Doctor, RefreshImage, RollbackImage }.Any(ExecutionPlan.Contains))
            await Data.WriteLineAsync(PlanJson.Of(Report.Planned));
        if (_site is not null)
            await _site.DisposeAsync();
    }).GetAwaiter().GetResult();

    async Task Converge(Func<Site, Stage> stage)
    {
        if (await LabIsDown())
        {
            Would("not running; all there is would be made after LabUp");
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
        var site = onlyLook ? await OpenRunningSite() : await OpenSite();
        var checks = await Verification.RunAsync(site, onlyLook, Cancel);
        CheckTable.Write(Console.Out, checks, Colored);
        Verification.Save(checks, RootDirectory / "artifacts" / "verify.json");
        Verification.RequireGood(checks);
    }

    /// <summary>A dry run looks at a lab that runs, and does not start one.</summary>
    async Task<bool> LabIsDown() => DryRun && FleetFile.ReadBeforeLab(Fleet).Lab is { } lab && !await Lab.IsUpAsync(lab, Cancel);

    async Task<Site> OpenSite()
    {
        if (_site is null && FleetFile.ReadBeforeLab(Fleet).Lab is { } lab)
            await Lab.UpAsync(lab, RunnerTarball, Say, Cancel);
        return OpenAsItIs();
    }

    /// <summary>For targets about runners that are there: of a lab that is down there are none.</summary>
    async Task<Site> OpenRunningSite() => FleetFile.ReadBeforeLab(Fleet).Lab is not { } lab || await Lab.IsUpAsync(lab, Cancel)
        ? OpenAsItIs()
        : throw new RunnerBuildException("The lab is down.", "So it has no runners.", "`./build.sh DeployRunners` starts it and deploys into it; or name another fleet with --fleet.");

    Site OpenAsItIs() => _site ??= NewSite();

    Site NewSite() => new(FleetFile.Read(Fleet), Options, Secrets, Report);

    SecretStore Secrets
    {
        get
        {
            var given = new Dictionary<string, string> { ["GITHUB_TOKEN"] = GitHubToken, ["PROXMOX_TOKEN"] = ProxmoxToken };
            return field ??= new SecretStore(given.Where(pair => !string.IsNullOrEmpty(pair.Value)).ToDictionary());
        }
    }

    RunOptions Options => new(RootDirectory, [.. Limit], DryRun, AcceptHostKey)
    {
        NoWait = NoWait,
        AllowRestart = AllowRestart,
        Adopt = Adopt,
        Snapshot = Snapshot,
        Deploys = ExecutionPlan.Contains(DeployRunners),
        Timeout = Timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        // What sudo takes out of the environment, the name of a runner's container still tells.
        // Nor does a job wait for itself that has the nightly run begin.
        Runner = NightlyProgress.AskedBy(NightFolder) ?? Environment.GetEnvironmentVariable("RUNNER_NAME") ?? Environment.MachineName,
    };

    async Task ShowStatus()
    {
        var reports = await HostReport.OfAllAsync(await OpenRunningSite(), Cancel);
        if (Json)
            await Data.WriteLineAsync(StatusTable.Json(reports));
        else
            StatusTable.Write(Console.Out, reports, DateTimeOffset.UtcNow, Colored);
        if (HostReport.Faults(reports) is { Count: > 0 } faults)
            throw new RunnerBuildException($"{faults.Count} {(faults.Count == 1 ? "thing is" : "things are")} wrong.", string.Join('\n', faults), "Correct the cause; DeployRunners sets right what it can.");
    }

    async Task OnSlots(Func<Site, Task<string>> work)
    {
        var summary = await work(await OpenRunningSite());
        ReportSummary(_ => _.AddPair("", summary));
    }

    async Task Remove()
    {
        var site = await OpenRunningSite();
        if (!DryRun && !Yes && await site.PlanAsync(site.Removal, Cancel) && !Confirmed())
            throw new RunnerBuildException("Nothing was removed.", "It was not confirmed.", "Answer `yes`, or add --yes.");
        var summary = await site.ConvergeAsync(site.Removal, Cancel);
        ReportSummary(_ => _.AddPair("", summary));
    }

    static bool Confirmed()
    {
        Console.Write("Remove all this? Running jobs are waited for. Type yes: ");
        return Console.ReadLine()?.Trim() == "yes";
    }

    async Task StartLab()
    {
        var lab = FleetFile.ReadBeforeLab(Fleet).Lab ?? throw new ConfigurationException($"{Fleet} is not a fleet of the lab.", "It has no `lab:` section.", "Leave --fleet out.");
        if (!DryRun)
            await Lab.UpAsync(lab, RunnerTarball, Say, Cancel);
        else if (!await Lab.IsUpAsync(lab, Cancel))
            Would($"would be started in {lab.Subnet}, with what is missing of its engine, images and network");
    }

    async Task EndLab()
    {
        if (!DryRun)
            await Lab.DownAsync(Say, Cancel);
        else if (Lab.IsThere)
            Would("its VMs with their volumes, its images, its network and its state would be removed");
    }

    async Task RunLabJob()
    {
        if (!await Lab.JobAsync(Script, Labels, Timeout, Report.Raw, Cancel))
            throw new RunnerBuildException("The job did not succeed.", "Its log and its conclusion are above.", "Correct the script, or look at the runner that it ran on with Status.");
    }

    void Would(string line)
    {
        Say(line);
        _foundChanges = true;
    }

    void Say(string line) => Report.Note("lab", line);
}
