using System.Collections.Immutable;
using RunnerBuild.Config;
using RunnerBuild.Remote.GitHub;

namespace RunnerBuild.Diagnosing;

/// <summary>Whether the runner groups that pools name are there.</summary>
internal static class GitHubGroups
{
    public static async Task<IReadOnlyList<Finding>> ExamineAsync(GitHubScope scope, ImmutableArray<Pool> pools, GitHubApi api, CancellationToken cancel)
    {
        var wanted = pools.Select(pool => pool.Group).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (wanted.Count == 0)
            return [];
        var groups = await api.ListAsync($"{scope.Path}/actions/runner-groups", "runner_groups", cancel) ?? [];
        var names = groups.Select(group => group.GetProperty("name").GetString()!).ToList();
        return
        [
            .. wanted.Select(name => names.Contains(name, StringComparer.OrdinalIgnoreCase)
                ? Finding.Good("github", $"group {name}", $"{scope.Path} has it")
                : Finding.Bad("github", $"group {name}", $"{scope.Path} has no such runner group; it has {string.Join(", ", names)}.", "Make the group at GitHub, or correct the pool's `group`.")),
        ];
    }
}
