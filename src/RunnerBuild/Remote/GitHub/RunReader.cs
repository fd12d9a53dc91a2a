using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using RunnerBuild.Config;
using RunnerBuild.Facts;

namespace RunnerBuild.Remote.GitHub;

/// <summary>A run of a workflow that a person names by its address, or by its number where the repository is known.</summary>
internal sealed partial record RunName(string Repository, long Id)
{
    /// <param name="usual">The repository of a bare number, such as the canary's; null: there is none.</param>
    public static RunName Parse(string text, string? usual)
    {
        if (Address().Match(text) is { Success: true } address)
            return new(address.Groups["repository"].Value, long.Parse(address.Groups["run"].Value, System.Globalization.CultureInfo.InvariantCulture));
        if (long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var id) && usual is not null)
            return new(usual, id);
        throw new ConfigurationException(
            $"--run is `{text}`.", usual is null && long.TryParse(text, out _) ? "A number alone does not tell the repository, and the fleet has no canary whose it could be." : "That is neither the address of a run nor its number.",
            "Copy the address from the run's page: https://github.com/OWNER/REPOSITORY/actions/runs/ID.");
    }

    [GeneratedRegex(@"^https?://[^/]+/(?<repository>[^/]+/[^/]+)/actions/runs/(?<run>\d{1,18})(/.*)?$")]
    private static partial Regex Address();
}

/// <summary>What GitHub shows of a run's jobs, and of the runners that could take them.</summary>
internal static class RunReader
{
    public static async Task<(string Status, ImmutableArray<QueuedJob> Jobs)> JobsAsync(GitHubApi api, RunName run, CancellationToken cancel)
    {
        var path = $"repos/{run.Repository}/actions/runs/{run.Id}";
        var found = await api.GetAsync(path, cancel) ?? throw new RunnerBuildException(
            $"GitHub shows no run {run.Id} of {run.Repository}.", "It answers 404, which it also does when the credential may not look.", "Check the address, and give the credential `Actions: read` (classic: repo).");
        var jobs = await api.ListAsync($"{path}/jobs", "jobs", cancel) ?? [];
        // A run that waits for approval is `completed` there, with the conclusion `action_required`.
        return (Text(found, "conclusion") ?? Text(found, "status") ?? "", [.. jobs.Select(Job)]);
    }

    public static async Task<ImmutableArray<CandidateRunner>> RunnersAsync(GitHubApi api, GitHubScope scope, string repository, CancellationToken cancel)
    {
        var runners = await api.ListAsync($"{scope.Path}/actions/runners", "runners", cancel) ?? [];
        var groups = scope.Kind == ScopeKind.Repository ? [] : await api.ListAsync($"{scope.Path}/actions/runner-groups", "runner_groups", cancel) ?? [];
        var names = groups.ToDictionary(group => group.GetProperty("id").GetInt64(), group => group.GetProperty("name").GetString()!);
        // Only GitHub knows what a group admits: selected repositories, and public ones or not.
        var visible = scope.Kind == ScopeKind.Organization
            ? await api.ListAsync($"{scope.Path}/actions/runner-groups?visible_to_repository={Uri.EscapeDataString(repository.Split('/')[1])}", "runner_groups", cancel) ?? []
            : groups;
        var admitted = visible.Select(group => group.GetProperty("id").GetInt64()).ToHashSet();
        return [.. runners.Select(runner => Runner(runner, scope, names, admitted))];
    }

    private static string? Text(JsonElement of, string property) => of.TryGetProperty(property, out var value) ? value.GetString() : null;

    private static CandidateRunner Runner(JsonElement runner, GitHubScope scope, Dictionary<long, string> names, HashSet<long> admitted)
    {
        long? group = runner.TryGetProperty("runner_group_id", out var id) && id.ValueKind == JsonValueKind.Number ? id.GetInt64() : null;
        return new(
            runner.GetProperty("name").GetString()!, [.. runner.GetProperty("labels").EnumerateArray().Select(label => label.GetProperty("name").GetString()!)],
            runner.GetProperty("status").GetString() == "online", runner.GetProperty("busy").GetBoolean(),
            group is { } number ? names.GetValueOrDefault(number) : null, scope.Kind == ScopeKind.Repository || group is null || admitted.Contains(group.Value));
    }

    private static QueuedJob Job(JsonElement job) => new(
        job.GetProperty("name").GetString()!, job.GetProperty("status").GetString()!, [.. job.GetProperty("labels").EnumerateArray().Select(label => label.GetString()!)],
        job.GetProperty("runner_name").GetString() is { Length: > 0 } runner ? runner : null, job.GetProperty("conclusion").GetString());
}
