using System.Collections.Immutable;
using RunnerBuild.Applying;
using RunnerBuild.Config;
using RunnerBuild.Desired;
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
        var harvest = new ActionHarvest(line => site.Report.Note("actions", line));
        foreach (var scope in sessions.SelectMany(session => session.Host.Pools).Select(pool => pool.Scope).Distinct())
            await ReadAsync(harvest, scope, cancel);
        var there = await site.EachAsync(sessions, async session => (Session: session, Have: await HaveAsync(session, cancel)));
        await harvest.DownloadAsync(archive => there.Any(host => !host.Have.Contains(archive.Path)), cancel);
        var used = harvest.Wanted.Select(archive => archive.Path).ToHashSet();
        var changes = await site.EachAsync(sessions, async session =>
        {
            var have = there.Single(host => host.Session == session).Have;
            var plan = ActionArchivePlan.Diff(harvest.Wanted, harvest.IsWhole ? have : have.Where(used.Contains).ToHashSet(), harvest.Contents);
            site.Report.Plan("Nightly", session.Name, plan);
            await HostApplier.ApplyAsync(session.Name, await session.MachineAsync(cancel), plan, site.Report, cancel);
            return plan.Length;
        });
        harvest.RequireAll();
        return $"{used.Count} {(used.Count == 1 ? "archive" : "archives")} of actions on {sessions.Length} {(sessions.Length == 1 ? "host" : "hosts")}, {changes.Sum()} {(changes.Sum() == 1 ? "change" : "changes")}";
    }

    private async Task ReadAsync(ActionHarvest harvest, GitHubScope scope, CancellationToken cancel)
    {
        if (scope.Kind == ScopeKind.Enterprise)
            site.Report.Note("actions", $"{scope.Path}: GitHub lists no repositories of an enterprise, so none of their actions are kept");
        await harvest.ReadAsync(new ActionSource(new GitHubApi(new Uri(scope.Api), await site.GitHub.TokenAsync(scope, cancel, TokenUse.Contents)), scope), cancel);
    }

    private static async Task<IReadOnlySet<string>> HaveAsync(HostSession session, CancellationToken cancel) =>
        (await (await session.MachineAsync(cancel)).CheckAsync("Looking at the archives of actions", List, [HostPaths.ActionArchives], null, cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet();
}
