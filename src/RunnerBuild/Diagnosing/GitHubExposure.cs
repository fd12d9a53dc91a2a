using System.Collections.Immutable;
using RunnerBuild.Config;
using RunnerBuild.Remote.GitHub;

namespace RunnerBuild.Diagnosing;

/// <summary>Public repositories among those that are served: anybody's pull request is then a job here.</summary>
internal static class GitHubExposure
{
    public static async Task<IReadOnlyList<Finding>> ExamineAsync(GitHubScope scope, ImmutableArray<Pool> pools, GitHubApi api, CancellationToken cancel) => scope.Kind switch
    {
        ScopeKind.Repository => await OfRepositoryAsync(scope, api, cancel),
        ScopeKind.Organization => await OfOrganizationAsync(scope, pools, api, cancel),
        _ => [],
    };

    private static async Task<IReadOnlyList<Finding>> OfRepositoryAsync(GitHubScope scope, GitHubApi api, CancellationToken cancel)
    {
        if (await api.GetAsync($"repos/{scope.Name}", cancel) is not { } repository || repository.GetProperty("private").GetBoolean())
            return [Finding.Good("github", $"repository {scope.Name}", "not public")];
        var approval = (await api.LookAsync($"repos/{scope.Name}/actions/permissions/fork-pr-contributor-approval", cancel)).Body?.GetProperty("approval_policy").GetString();
        return [Public($"repository {scope.Name}", $"{scope.Name} is public{(approval is null ? "" : $"; its pull requests from forks need approval for {approval.Replace('_', ' ')}")}")];
    }

    private static async Task<IReadOnlyList<Finding>> OfOrganizationAsync(GitHubScope scope, ImmutableArray<Pool> pools, GitHubApi api, CancellationToken cancel)
    {
        var groups = await api.ListAsync($"{scope.Path}/actions/runner-groups", "runner_groups", cancel) ?? [];
        var open = groups
            .Where(group => pools.Any(pool => pool.Group is { } name ? name.Equals(group.GetProperty("name").GetString(), StringComparison.OrdinalIgnoreCase) : group.GetProperty("default").GetBoolean()))
            .Where(group => group.GetProperty("allows_public_repositories").GetBoolean())
            .Select(group => group.GetProperty("name").GetString()!).ToList();
        if (open.Count == 0)
            return [Finding.Good("github", $"public repositories of {scope.Path}", "no group of the fleet takes their jobs")];
        // Without the right to list repositories the public ones are seen all the same.
        var repositories = await api.ListAsync($"{scope.Path}/repos?type=public", null, cancel) ?? [];
        return repositories.Count == 0
            ? [Finding.Good("github", $"public repositories of {scope.Path}", "there are none")]
            : [Public($"public repositories of {scope.Path}", $"The group {string.Join(", ", open)} takes jobs of {string.Join(", ", repositories.Take(3).Select(one => one.GetProperty("full_name").GetString()))}{(repositories.Count > 3 ? $" and {repositories.Count - 3} more" : "")}, which are public")];
    }

    private static Finding Public(string subject, string what) => Finding.Notable("github",
        subject, $"{what}: a pull request from anybody's fork can run here.",
        "Do not let the group take public repositories; else require approval for all outside collaborators (repository settings, Actions) and use `docker: none`.");
}
