using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using RunnerBuild.Operating;
using RunnerBuild.Terminal;
using RunnerBuild.Verifying;

/// <summary>Targets that renew the runners' image, and take it back.</summary>
partial class Build
{
    [Parameter("RefreshImage, RollbackImage: no job proves the image before the first host's slots are made from it")]
    readonly bool WithoutCanary;

    [Parameter("RollbackImage: tag of the image to go back to; without, the one before the current")]
    readonly string To;

    Target RefreshImage => _ => _
        .Description("Look once for a newer runner program, base image, security updates and tools; build an image with them, prove it by jobs in a spare slot, and roll it out slot by slot")
        .Executes(() => RenewImage(site => new ImageRefresh(site, WithoutCanary).RunAsync(Cancel)));

    Target RollbackImage => _ => _
        .Description("Go back to the runner image before the current one, or to --to TAG, in the same way: proved first, then slot by slot")
        .Executes(() => RenewImage(site => new ImageRollback(site, To, WithoutCanary).RunAsync(Cancel)));

    async Task RenewImage(Func<RunnerBuild.Site, Task<RefreshReport>> renew)
    {
        var report = await renew(await OpenRunningSite());
        Verification.Save(report.ToJson(), RootDirectory / "artifacts" / "refresh.json");
        _foundChanges |= report.Outcome == RefreshOutcome.WouldChange;
        if (Json)
            await Data.WriteLineAsync(report.ToJson());
        if (!report.Checks.IsEmpty)
            CheckTable.Write(Console.Out, report.Checks, Colored);
        ReportSummary(_ => _.AddPair("", report.Sentence));
        report.RequirePromoted();
    }
}
