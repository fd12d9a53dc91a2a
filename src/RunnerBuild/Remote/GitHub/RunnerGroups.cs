using System.Collections.Immutable;
using System.Text.Json;
using RunnerBuild.Config;

namespace RunnerBuild.Remote.GitHub;

/// <summary>Which group each runner of a scope is in, which Octokit does not read.</summary>
internal static class RunnerGroups
{
    private const int PageSize = 100;

    /// <returns>Name of the group, by name of the runner.</returns>
    public static async Task<ImmutableDictionary<string, string>> OfAsync(GitHubScope scope, Secret token, CancellationToken cancel)
    {
        var api = new GitHubApi(new Uri(scope.Api), token);
        var groups = (await AllAsync(api, scope, "runner-groups", "runner_groups", cancel)).ToDictionary(group => group.GetProperty("id").GetInt64(), group => group.GetProperty("name").GetString()!);
        return (await AllAsync(api, scope, "runners", "runners", cancel)).ToImmutableDictionary(
            runner => runner.GetProperty("name").GetString()!,
            runner => runner.TryGetProperty("runner_group_id", out var id) && id.TryGetInt64(out var number) && groups.TryGetValue(number, out var name) ? name : "");
    }

    private static async Task<List<JsonElement>> AllAsync(GitHubApi api, GitHubScope scope, string path, string list, CancellationToken cancel)
    {
        var all = new List<JsonElement>();
        for (var page = 1; ; page++)
        {
            var answer = await api.GetAsync($"{scope.Path}/actions/{path}?per_page={PageSize}&page={page}", cancel);
            var items = answer?.GetProperty(list).EnumerateArray().ToList() ?? [];
            all.AddRange(items);
            if (items.Count < PageSize)
                return all;
        }
    }
}
