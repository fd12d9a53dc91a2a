using System.Collections.Immutable;
using RunnerBuild.Applying;
using RunnerBuild.Config;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using RunnerBuild.Remote.Docker;
using RunnerBuild.Remote.GitHub;
using RunnerBuild.Remote.Releases;

namespace RunnerBuild.Operating;

/// <summary>What has come out since the image's lock was written. Every source is asked once, all at the same time.</summary>
/// <param name="Current">The lock's file.</param>
/// <param name="Newest">What a lock of today would say.</param>
/// <param name="End">From when on GitHub gives the runner program of <paramref name="Current"/> no jobs; null: it names no date.</param>
/// <param name="Notes">What could not be asked.</param>
internal sealed record ImageNews(ImageLock Current, ImageLock Newest, ImmutableArray<ImageDifference> Changes, DateTimeOffset? End, ImmutableArray<string> Notes)
{
    public static async Task<ImageNews> AskAsync(Site site, CancellationToken cancel)
    {
        var recipe = site.Fleet.Image;
        var current = ImageLock.Load(recipe.LockFile)
            ?? throw new RunnerBuildException("There is no image to refresh.", $"{Path.GetFileName(recipe.LockFile)} is not there, which the first BuildCustomImage writes.", "Run DeployRunners first.");
        var notes = new List<string>();
        var ask = site.Sessions.First();
        var newest = new ReleaseLookup(new ToolReleases()).CompleteAsync(recipe, ImageLock.Empty, (reference, token) => DigestAsync(ask, reference, token), cancel);
        var updates = UpdatesAsync(site, current, notes, cancel);
        var end = EndAsync(site, current, cancel);
        await Task.WhenAll([newest, updates, end, .. site.Sessions.Select(session => session.FactsAsync(cancel))]);
        var said = (await newest) with { Distribution = await updates ?? current.For(recipe).Distribution };
        var found = said.OrBaseOf(current);
        if (found.Base != said.Base)
            notes.Add($"whether there is a newer {recipe.Base} is not known: its registry did not say");
        return new ImageNews(current, found, [.. ImageDifference.Between(current.For(recipe), found), .. await RecipeAsync(site, current, cancel)], await end, [.. notes]);
    }

    private static async Task<string?> DigestAsync(HostSession session, string reference, CancellationToken cancel) =>
        await BaseDigest.AskAsync(await session.MachineAsync(cancel), (await session.FactsAsync(cancel)).Engine?.ApiVersion ?? throw NoEngine(session), reference, cancel);

    /// <summary>A recipe whose own files have changed makes another image of the same releases; that one is to be proved too.</summary>
    private static async Task<IEnumerable<ImageDifference>> RecipeAsync(Site site, ImageLock current, CancellationToken cancel)
    {
        var known = new List<(string Wanted, HostFacts Facts)>();
        foreach (var session in site.Sessions.Where(session => Desired.Candidate.Built(session.Host).Any()))
        {
            var facts = await session.FactsAsync(cancel);
            known.Add((site.Image.ImageOf(current, facts.Architecture).Reference, facts));
        }

        return known.Any(one => one.Facts.Built.Length > 0) && known.All(one => !one.Facts.Images.Contains(one.Wanted))
            ? [new ImageDifference("recipe", known[0].Facts.Built.FirstOrDefault(), known[0].Wanted)]
            : [];
    }

    /// <summary>The state of the distribution for a lock; null: the image lacks nothing, or nobody could say.</summary>
    private static async Task<string?> UpdatesAsync(Site site, ImageLock current, List<string> notes, CancellationToken cancel)
    {
        foreach (var session in site.Sessions)
        {
            var facts = await session.FactsAsync(cancel);
            var image = site.Image.ImageOf(current, facts.Architecture).Reference;
            if (!facts.Images.Contains(image))
                continue;
            try
            {
                var updates = await SecurityUpdates.OfAsync(await session.MachineAsync(cancel), image, cancel);
                if (updates.Packages.IsEmpty)
                    return null;
                notes.Add($"security updates: {string.Join(", ", updates.Packages.Take(8))}{(updates.Packages.Length > 8 ? $" and {updates.Packages.Length - 8} more" : "")}");
                return updates.State;
            }
            catch (RunnerBuildException fault)
            {
                notes.Add($"security updates are not known: {fault.Why.Split('\n')[^1]}");
                return null;
            }
        }

        return null;
    }

    private static async Task<DateTimeOffset?> EndAsync(Site site, ImageLock current, CancellationToken cancel)
    {
        var version = site.Fleet.Image.Runner.IsLeftOpen ? current.Runner?.Version : site.Fleet.Image.Runner.Version;
        var scope = site.Fleet.Hosts.SelectMany(host => host.Pools).Select(pool => pool.Scope).First();
        return version is null ? null : await RunnerDeprecation.EndOfAsync(scope, version, new GitHubApi(new Uri(scope.Api), await site.GitHub.TokenAsync(scope, cancel)), cancel);
    }

    private static RunnerBuildException NoEngine(HostSession session) =>
        new($"The Docker Engine of {session.Name} does not answer.", "The base image is asked for through it.", "Run BootstrapHost first; if it did run: `systemctl status docker`.");
}
