using System.Collections.Immutable;
using RunnerBuild.Config;
using RunnerBuild.Remote;
using RunnerBuild.Remote.GitHub;

namespace RunnerBuild.Diagnosing;

/// <summary>What is wrong, or will be, between a fleet and GitHub. Changes nothing, there or here.</summary>
internal static class GitHubDoctor
{
    public static async Task<IReadOnlyList<Finding>> ExamineAsync(Fleet fleet, GitHubAccess access, GitHubHandler handler, CancellationToken cancel)
    {
        // What `latest` means now, the lock says.
        var runner = fleet.Image.Runner.IsLeftOpen && ImageLock.Load(fleet.Image.LockFile)?.Runner is { } locked ? fleet.Image.Runner with { Version = locked.Version } : fleet.Image.Runner;
        var pools = fleet.Hosts.SelectMany(host => host.Pools).ToImmutableArray();
        var findings = new List<Finding>();
        foreach (var scope in pools.GroupBy(pool => pool.Scope))
            findings.AddRange(await OfScopeAsync(scope.Key, [.. scope], runner.Version, access, handler, cancel));
        if (fleet.Canary is { } canary)
            findings.AddRange(await GuardedAsync(canary.Repository, async () => await GitHubCanary.ExamineAsync(canary, await ApiAsync(access, canary.Scope, TokenUse.Workflows, handler, cancel), cancel)));
        findings.AddRange(await GuardedAsync("runner program", async () => await GitHubRunnerVersion.ExamineAsync(runner, fleet.Image.Runner.IsLeftOpen, handler, cancel)));
        findings.AddRange(GitHubNames.Examine(fleet));
        return findings;
    }

    private static async Task<IEnumerable<Finding>> OfScopeAsync(GitHubScope scope, ImmutableArray<Pool> pools, string version, GitHubAccess access, GitHubHandler handler, CancellationToken cancel)
    {
        // The budget first, which costs nothing and explains refusals when it is used up; then who it is: what the App itself may do is told even where a token of it cannot be had.
        var budget = await GuardedAsync(scope.Path, async () => await GitHubBudget.ExamineAsync(scope, await ApiAsync(access, scope, TokenUse.Runners, handler, cancel), handler, cancel));
        var identity = await GuardedAsync(scope.Path, async () => await GitHubIdentity.ExamineAsync(scope, access, handler, cancel));
        var rest = await GuardedAsync(scope.Path, async () =>
        {
            var api = await ApiAsync(access, scope, TokenUse.Runners, handler, cancel);
            var rights = await GitHubRights.ExamineAsync(scope, api, cancel);
            return rights.Any(finding => finding.Health == Health.Bad)
                ? rights
                : [.. rights, .. await GitHubGroups.ExamineAsync(scope, pools, api, cancel), .. await GitHubExposure.ExamineAsync(scope, pools, api, cancel), .. await GitHubRunnerVersion.DatesAsync(scope, version, api, cancel)];
        });
        // A credential that cannot be had is one finding, however much was to be asked with it.
        return budget.Concat(identity).Concat(rest).Distinct();
    }

    private static async Task<GitHubApi> ApiAsync(GitHubAccess access, GitHubScope scope, TokenUse use, GitHubHandler handler, CancellationToken cancel) =>
        new(new Uri(scope.Api), await access.TokenAsync(scope, cancel, use), handler);

    /// <summary>What cannot be looked at is a finding, not the end of the others.</summary>
    private static async Task<IReadOnlyList<Finding>> GuardedAsync(string subject, Func<Task<IReadOnlyList<Finding>>> examine)
    {
        try
        {
            return await examine();
        }
        catch (RunnerBuildException fault)
        {
            return [Finding.Bad("github", subject, $"{fault.What} {fault.Why}", fault.Fix)];
        }
    }
}
