using System.Text.Json;
using RunnerBuild.Config;

namespace RunnerBuild.Remote.GitHub;

/// <summary>Until when GitHub gives a release of the runner program jobs.</summary>
internal static class RunnerDeprecation
{
    /// <summary>Null where GitHub names no date: of the newest release, on a server without this call, and of a release that it does not know.</summary>
    public static async Task<DateTimeOffset?> EndOfAsync(GitHubScope scope, string version, GitHubApi api, CancellationToken cancel) => EndIn(await LookAsync(scope, version, api, cancel));

    /// <summary>GitHub's whole answer, for whom a refusal is something else than no date.</summary>
    public static Task<GitHubLook> LookAsync(GitHubScope scope, string version, GitHubApi api, CancellationToken cancel) =>
        api.LookAsync($"{scope.Path}/actions/runners/deprecations/{version}", cancel);

    public static DateTimeOffset? EndIn(GitHubLook look) =>
        look.Body is { } dates && dates.TryGetProperty("runtime_deprecates_at", out var at) && at.ValueKind == JsonValueKind.String ? at.GetDateTimeOffset() : null;
}
