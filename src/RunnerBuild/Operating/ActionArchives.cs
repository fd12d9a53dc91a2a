using System.Collections.Immutable;
using RunnerBuild.Applying;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using RunnerBuild.Remote.GitHub;

namespace RunnerBuild.Operating;

/// <summary>Puts the archives of the actions that the fleet's repositories use onto the hosts that want them (`actionArchives`), and takes away those that nothing uses any more.</summary>
internal sealed class ActionArchives(Site site)
{
    private const string List = """cd "$1" 2>/dev/null || exit 0; for archive in */*.tar.gz; do [ ! -f "$archive" ] || printf '%s\n' "$archive"; done""";

    /// <returns>What was done, for the report.</returns>
    public async Task<string> RunAsync(CancellationToken cancel)
    {
        ImmutableArray<HostSession> sessions = [.. site.Sessions.Where(session => session.Host.ActionArchives)];
        var wanted = await WantedAsync(sessions, cancel);
        var there = await site.EachAsync(sessions, async session => (Session: session, Have: await HaveAsync(session, cancel)));
        var contents = new Dictionary<ActionArchive, byte[]>();
        foreach (var (archive, source) in wanted.Where(pair => there.Any(host => !host.Have.Contains(pair.Key.Path))))
            contents[archive] = await source.DownloadAsync(archive, cancel);
        var changes = await site.EachAsync(sessions, async session =>
        {
            var plan = ActionArchivePlan.Diff(wanted.Keys, there.Single(host => host.Session == session).Have, contents);
            site.Report.Plan("Nightly", session.Name, plan);
            await HostApplier.ApplyAsync(session.Name, await session.MachineAsync(cancel), plan, site.Report, cancel);
            return plan.Length;
        });
        return $"{wanted.Count} {(wanted.Count == 1 ? "archive" : "archives")} of actions on {sessions.Length} {(sessions.Length == 1 ? "host" : "hosts")}, {changes.Sum()} {(changes.Sum() == 1 ? "change" : "changes")}";
    }

    private async Task<Dictionary<ActionArchive, ActionSource>> WantedAsync(IEnumerable<HostSession> sessions, CancellationToken cancel)
    {
        var wanted = new Dictionary<ActionArchive, ActionSource>();
        foreach (var scope in sessions.SelectMany(session => session.Host.Pools).Select(pool => pool.Scope).Distinct())
        {
            var source = new ActionSource(new GitHubApi(new Uri(scope.Api), await site.GitHub.TokenAsync(scope, cancel, TokenUse.Contents)), scope);
            if (scope.Kind == ScopeKind.Enterprise)
                site.Report.Note("actions", $"{scope.Path}: GitHub lists no repositories of an enterprise, so none of their actions are kept");
            foreach (var repository in await source.RepositoriesAsync(cancel))
                foreach (var action in await source.UsedAsync(repository, cancel))
                    await AddAsync(wanted, source, repository, action, cancel);
        }

        return wanted;
    }

    private async Task AddAsync(Dictionary<ActionArchive, ActionSource> wanted, ActionSource source, string repository, UsedAction action, CancellationToken cancel)
    {
        if (await source.ResolveAsync(action, cancel) is { } archive)
            wanted.TryAdd(archive, source);
        else
            site.Report.Note("actions", $"{action.Repository}@{action.Ref}, which {repository} uses, is private, or not to be seen by this credential; jobs download it themselves");
    }

    private static async Task<IReadOnlySet<string>> HaveAsync(HostSession session, CancellationToken cancel) =>
        (await (await session.MachineAsync(cancel)).CheckAsync("Looking at the archives of actions", List, [HostPaths.ActionArchives], null, cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet();
}
