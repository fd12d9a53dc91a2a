using System.Globalization;
using RunnerBuild.Config;
using RunnerBuild.Remote.GitHub;

namespace RunnerBuild.Diagnosing;

/// <summary>The runner program that the fleet uses against the newest, and until when GitHub gives it jobs.</summary>
internal static class GitHubRunnerVersion
{
    // GitHub refuses releases from some 30 days after a newer one on.
    private static readonly TimeSpan Grace = TimeSpan.FromDays(30);

    /// <summary>The date that GitHub itself names; nothing where it names none, or has no such call yet.</summary>
    public static async Task<IReadOnlyList<Finding>> DatesAsync(GitHubScope scope, string version, GitHubApi api, CancellationToken cancel)
    {
        if (version == "latest" || await RunnerDeprecation.EndOfAsync(scope, version, api, cancel) is not { } end)
            return [];
        var date = end.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return end > TimeProvider.System.GetUtcNow()
            ? [Finding.Notable("github", $"runner program in {scope.Path}", $"GitHub gives {version} jobs until {date}.", "Before that, run RefreshImage; or set `image.runner.version` to a newer one where the fleet names it, and run DeployRunners.")]
            : [Finding.Bad("github", $"runner program in {scope.Path}", $"GitHub has given {version} no jobs since {date}.", "Run RefreshImage; or set `image.runner.version` to a newer one where the fleet names it, and run DeployRunners.")];
    }

    /// <param name="wanted">With the version that is in use, or `latest` where none is yet.</param>
    /// <param name="locked">The lock says which, not the fleet.</param>
    public static async Task<IReadOnlyList<Finding>> ExamineAsync(RunnerRelease wanted, bool locked, GitHubHandler handler, CancellationToken cancel)
    {
        var api = new GitHubApi(wanted.Source, null, handler);
        if (await api.GetAsync("repos/actions/runner/releases/latest", cancel) is not { } latest)
            return [Finding.Notable("github", "runner program", $"{wanted.Source} shows no release of it.", "Check `image.source`.")];
        var newest = latest.GetProperty("tag_name").GetString()!.TrimStart('v');
        if (wanted.Version == "latest" || wanted.Version == newest)
            return [Finding.Good("github", "runner program", $"{newest}, the newest")];

        var late = latest.GetProperty("published_at").GetDateTimeOffset() + Grace;
        var rest = late - TimeProvider.System.GetUtcNow();
        var fix = locked ? "Run RefreshImage, which puts the newest into the image and its lock." : $"Set `image.runner.version` to {newest} with its sha256, or to latest, and run DeployRunners.";
        return
        [
            rest > TimeSpan.Zero
                ? Finding.Notable("github", "runner program", $"{wanted.Version} is in use, {newest} is the newest: GitHub gives the old one jobs until about {late.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.", fix)
                : Finding.Bad("github", "runner program", $"{wanted.Version} is in use, {newest} is the newest for more than 30 days: GitHub may give it no more jobs.", fix),
        ];
    }
}
