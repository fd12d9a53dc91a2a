using System.Collections.Immutable;
using RunnerBuild.Config;
using RunnerBuild.Verifying;

namespace RunnerBuild.Operating;

/// <summary>RefreshImage: when something new has come out, an image with it, proved by jobs, on every host without harm to any; else a word that there is nothing to do.</summary>
internal sealed class ImageRefresh(Site site, bool withoutCanary)
{
    // Enough for a release that fails its canary, and for somebody to look into that.
    private const int FewDays = 21;

    private readonly ImageRollout _rollout = new(site);

    public async Task<RefreshReport> RunAsync(CancellationToken cancel)
    {
        ImageCanary.Require(site.Fleet, withoutCanary, "RefreshImage");
        using var held = await RunTurn.TakeAsync(site, "RefreshImage", cancel);
        var news = await ImageNews.AskAsync(site, cancel);
        foreach (var change in news.Changes)
            site.Report.Note("image", $"~ {change}");
        foreach (var note in news.Notes)
            site.Report.Note("image", note);
        var rejected = news.Changes.IsEmpty ? [] : Images(news.Newest).Values.Intersect(news.Current.Rejected).ToList();
        if (rejected.Count > 0)
            site.Report.Note("image", $"{string.Join(", ", rejected)} is what RollbackImage went back from: it is not tried again until something newer comes out");
        var report = news.Changes.IsEmpty || rejected.Count > 0 ? await FinishAsync(news, cancel) : await RenewAsync(news, cancel);
        RequireTime(news, report);
        return report with { Missing = RefreshReport.MissingOf(site.Failed) };
    }

    /// <summary>Nothing is new; what an earlier run left half done is brought to its end.</summary>
    private async Task<RefreshReport> FinishAsync(ImageNews news, CancellationToken cancel)
    {
        if (site.Options.DryRun)
            return ReportOf(news, news.Current, await site.PlanAsync(site.Runners, cancel) ? RefreshOutcome.WouldChange : RefreshOutcome.NothingToDo);
        var hosts = await _rollout.RollAsync(news.Current, () => { }, cancel);
        return ReportOf(news, news.Current, hosts.Count == 0 ? RefreshOutcome.NothingToDo : RefreshOutcome.Finished) with { Hosts = [.. hosts] };
    }

    private async Task<RefreshReport> RenewAsync(ImageNews news, CancellationToken cancel)
    {
        if (site.Options.DryRun)
            return ReportOf(news, news.Newest, RefreshOutcome.WouldChange);
        var checks = withoutCanary ? ImageCanary.Unproved() : await _rollout.ProveAsync(news.Newest, site.Fleet.Canary!, cancel);
        if (checks.Any(check => check.Verdict == Verdict.Bad))
        {
            await _rollout.DropAsync(news.Newest, cancel);
            return ReportOf(news, news.Newest, RefreshOutcome.Refused) with { Checks = [.. checks] };
        }

        var hosts = await _rollout.RollAsync(news.Newest, () => news.Newest.Save(site.Fleet.Image.LockFile), cancel);
        return ReportOf(news, news.Newest, RefreshOutcome.Promoted) with { Checks = [.. checks], Hosts = [.. hosts] };
    }

    private RefreshReport ReportOf(ImageNews news, ImageLock image, RefreshOutcome outcome) => new(
        TimeProvider.System.GetUtcNow(), outcome, news.Changes, Images(image), [], [], RunnerOf(image), DaysLeft(news), news.Notes);

    private string? RunnerOf(ImageLock image) => site.Fleet.Image.Runner.IsLeftOpen ? image.Runner?.Version : site.Fleet.Image.Runner.Version;

    private static int? DaysLeft(ImageNews news) => news.End is { } end ? (int)Math.Floor((end - TimeProvider.System.GetUtcNow()).TotalDays) : null;

    private ImmutableSortedDictionary<string, string> Images(ImageLock image) => ImageCanary.Tags(site, image);

    /// <summary>A release that the fleet itself names is not replaced, however old it is; then a person has to.</summary>
    private void RequireTime(ImageNews news, RefreshReport report)
    {
        if (report.Outcome is RefreshOutcome.NothingToDo && report.DaysLeft is { } days and < FewDays)
            throw new RunnerBuildException(
                days < 0 ? $"GitHub gives runner {report.Runner} no more jobs." : $"GitHub gives runner {report.Runner} jobs for only {days} days more.",
                site.Fleet.Image.Runner.IsLeftOpen ? $"{news.Newest.Runner?.Version} is the newest that {site.Fleet.Image.Runner.Source} has." : "The fleet says this version, so nothing newer is looked for.",
                "Set `image.runner.version` to latest, or to a newer release with its sha256, and run RefreshImage again.");
    }
}
