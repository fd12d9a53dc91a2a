using System.Collections.Immutable;
using RunnerBuild.Config;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using RunnerBuild.Verifying;

namespace RunnerBuild.Operating;

/// <summary>RollbackImage: the same walk to an image that was there before. Its lock comes back with it, and where the recipe's files have changed since, the image itself is named until the next promotion.</summary>
/// <param name="to">Tag of the image; null: the one before the current.</param>
internal sealed class ImageRollback(Site site, string? to, bool withoutCanary)
{
    private readonly ImageRollout _rollout = new(site);

    public async Task<RefreshReport> RunAsync(CancellationToken cancel)
    {
        ImageCanary.Require(site.Fleet, withoutCanary, "RollbackImage");
        using var held = await RunTurn.TakeAsync(site, "RollbackImage", cancel);
        var current = ImageLock.Load(site.Fleet.Image.LockFile) ?? ImageLock.Empty;
        var stocks = await site.EachAsync(async session => new ImageStock(
            session.Name, Architecture(await session.FactsAsync(cancel)), await BuiltImages.OfAsync(await session.MachineAsync(cancel), cancel)));
        var wanted = Earlier.Of(stocks, ImageCanary.Tags(site, current), to, current, image => ImageCanary.Tags(site, image));
        ImmutableArray<ImageDifference> changes = [.. ImageDifference.Between(current, wanted), new("image", Line(current), Line(wanted))];
        foreach (var change in changes)
            site.Report.Note("image", $"~ {change}");
        if (site.Options.DryRun)
            return ReportOf(wanted, changes, RefreshOutcome.WouldChange);
        var checks = withoutCanary ? ImageCanary.Unproved() : await _rollout.ProveAsync(wanted, site.Fleet.Canary!, cancel);
        if (checks.Any(check => check.Verdict == Verdict.Bad))
            return ReportOf(wanted, changes, RefreshOutcome.Refused) with { Checks = [.. checks] };
        var hosts = await _rollout.RollAsync(wanted, () => wanted.Save(site.Fleet.Image.LockFile), cancel);
        return ReportOf(wanted, changes, RefreshOutcome.Promoted) with { Checks = [.. checks], Hosts = [.. hosts] };
    }

    private string Line(ImageLock image) => string.Join(", ", ImageCanary.Tags(site, image).Values);

    private static string Architecture(HostFacts facts) => facts.Architecture;

    private RefreshReport ReportOf(ImageLock image, ImmutableArray<ImageDifference> changes, RefreshOutcome outcome) =>
        new(TimeProvider.System.GetUtcNow(), outcome, changes, ImageCanary.Tags(site, image), [], [], image.Runner?.Version, null, []) { Missing = RefreshReport.MissingOf(site.Failed) };
}
