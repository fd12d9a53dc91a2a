using System.Collections.Immutable;
using RunnerBuild.Config;

namespace RunnerBuild.Remote.GitHub;

/// <summary>Which group each runner of a scope is in, which Octokit does not read.</summary>
internal static class RunnerGroups
{
    /// <returns>Name of the group, by name of the runner.</returns>
    public static async Task<ImmutableDictionary<string, string>> OfAsync(GitHubScope scope, Secret token, CancellationToken cancel)
    {
        var api = new GitHubApi(new Uri(scope.Api), token);
        var groups = (await api.ListAsync($"{scope.Path}/actions/runner-groups", "runner_groups", cancel) ?? []).ToDictionary(group => group.GetProperty("id").GetInt64(), group => group.GetProperty("name").GetString()!);
        return (await api.ListAsync($"{scope.Path}/actions/runners", "runners", cancel) ?? []).ToImmutableDictionary(
            runner => runner.GetProperty("name").GetString()!,
            runner => runner.TryGetProperty("runner_group_id", out var id) && id.TryGetInt64(out var number) && groups.TryGetValue(number, out var name) ? name : "");
    }
}
