using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Operating;
using RunnerBuild.Remote;

/// <summary>Targets by which the fleet is looked after at night.</summary>
partial class Build
{
    [Parameter("Nightly: folder that keeps the reports")]
    readonly string Reports = RootDirectory / "artifacts" / "nightly";

    /// <summary>Systemd's folder for as long as the unit of InstallNightly runs; null: a person runs this.</summary>
    static string NightFolder => Environment.GetEnvironmentVariable("RUNTIME_DIRECTORY");

    Target Nightly => _ => _
        .Description("RefreshImage, then Verify --skip, whatever came of the first; keep the report (--reports), and say in an issue on GitHub when it is not good and when it is again")
        .Executes(SpendNight);

    Target InstallNightly => _ => _
        .Description("Have systemd run Nightly on this machine each night (nightly: in the fleet); as root")
        .Executes(() => Settle(async installation =>
        {
            var fleet = FleetFile.Read(Fleet);
            var sdk = Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "/usr/share/dotnet";
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            return await installation.InstallAsync(fleet, new NightlySurroundings(RootDirectory, home, sdk, [.. NightlySecrets.VariablesOf(fleet)]), Cancel);
        }));

    Target RemoveNightly => _ => _
        .Description("Take the timer of InstallNightly and its reports off this machine again; as root")
        .Executes(() => Settle(installation => installation.RemoveAsync(Cancel)));

    async Task Settle(Func<NightlyInstallation, Task<int>> work)
    {
        var changes = await work(new NightlyInstallation(Fleet, DryRun, Report));
        _foundChanges |= DryRun && changes > 0;
        ReportSummary(_ => _.AddPair("", changes == 0 ? "nothing to do" : $"{changes} changes {(DryRun ? "to make" : "made")}"));
    }

    async Task SpendNight()
    {
        if (DryRun)
        {
            await RenewImage(site => new ImageRefresh(site, withoutCanary: false).RunAsync(Cancel));
            return;
        }

        var fleet = FleetFile.Read(Fleet);
        var report = await new NightlyRun(fleet, NewSite, Secrets, new NightlyReports(Reports, fleet.Nightly?.Keep ?? 30)).RunAsync(Cancel);
        if (Json)
            await Data.WriteLineAsync(report.ToJson());
        ReportSummary(_ => _.AddPair("", report.Sentence));
        report.RequireGood();
    }
}
