using System.Collections.Immutable;
using RunnerBuild.Config;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using RunnerBuild.Remote.GitHub;

namespace RunnerBuild.Operating;

/// <summary>Why the jobs of a run wait: asks GitHub for them and for the runners that could take them, and the hosts for their slots.</summary>
internal static class Why
{
    /// <returns>Each job with its reasons; no job, but a reason, where GitHub has made none of the run.</returns>
    public static async Task<IReadOnlyList<(QueuedJob? Job, ImmutableArray<WaitingReason> Reasons)>> AskAsync(Site site, string run, CancellationToken cancel)
    {
        var name = RunName.Parse(run, site.Fleet.Canary?.Repository);
        var pools = site.Fleet.Hosts.SelectMany(host => host.Pools.Select(pool => (Host: host, Pool: pool))).ToList();
        var scopes = pools.Select(one => one.Pool.Scope).Where(scope => scope.Serves(name.Repository)).Distinct().ToList();
        // Where no pool serves it, any credential of the fleet may still see the run.
        var reader = await ApiAsync(site, RepositoryOf(site, scopes.FirstOrDefault() ?? pools[0].Pool.Scope, name), TokenUse.Workflows, cancel);
        var serving = new List<(GitHubScope, GitHubApi)>();
        foreach (var scope in scopes)
            serving.Add((scope, await ApiAsync(site, scope, TokenUse.Runners, cancel)));
        var reports = await HostReport.OfAllAsync(site, cancel);
        return await ExplainAsync(
            name, reader, serving, [.. pools.Where(one => scopes.Contains(one.Pool.Scope)).SelectMany(one => Slots(one.Host, one.Pool, reports))],
            [.. reports.Where(report => report.Problem is not null).Select(report => $"{report.Host}: {report.Problem}")], cancel);
    }

    /// <param name="serving">The fleet's scopes that serve the run's repository.</param>
    /// <param name="silent">Hosts that do not answer, and why.</param>
    public static async Task<IReadOnlyList<(QueuedJob? Job, ImmutableArray<WaitingReason> Reasons)>> ExplainAsync(
        RunName run, GitHubApi reader, IReadOnlyList<(GitHubScope Scope, GitHubApi Api)> serving, ImmutableArray<CandidateSlot> slots, ImmutableArray<string> silent, CancellationToken cancel)
    {
        var (status, jobs) = await RunReader.JobsAsync(reader, run, cancel);
        var runners = ImmutableArray.CreateBuilder<CandidateRunner>();
        foreach (var (scope, api) in serving)
            runners.AddRange(await RunReader.RunnersAsync(api, scope, run.Repository, cancel));
        var facts = new QueueFacts(run.Repository, status, [.. serving.Select(one => one.Scope.Path)], runners.ToImmutable(), slots, silent);
        return jobs.IsEmpty ? [(null, [WaitingReasons.OfRun(status)])] : [.. jobs.Select(job => ((QueuedJob?)job, WaitingReasons.Of(job, facts)))];
    }

    private static GitHubScope RepositoryOf(Site site, GitHubScope scope, RunName run) =>
        site.Fleet.Canary is { } canary && canary.Repository == run.Repository ? canary.Scope : scope with { Kind = ScopeKind.Repository, Name = run.Repository };

    private static async Task<GitHubApi> ApiAsync(Site site, GitHubScope scope, TokenUse use, CancellationToken cancel) =>
        new(new Uri(scope.Api), await site.GitHub.TokenAsync(scope, cancel, use));

    private static IEnumerable<CandidateSlot> Slots(Host host, Pool pool, IEnumerable<HostReport> reports) =>
        reports.Where(report => report.Host == host.Name).SelectMany(report => report.Slots).Where(slot => slot.Pool == pool.Name)
            .Select(slot => new CandidateSlot(host.Name, slot.Name, pool.Labels, slot.State, slot.Reason, slot.Drained));
}
