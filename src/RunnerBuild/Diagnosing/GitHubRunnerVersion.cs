using System.Globalization;
using System.Text.Json;
using RunnerBuild.Config;
using RunnerBuild.Remote.GitHub;

namespace RunnerBuild.Diagnosing;

/// <summary>The runner program that the fleet uses against the newest, and until when GitHub gives it jobs.</summary>
internal static class GitHubRunnerVersion
{
    // GitHub refuses a release from some 30 days after the next one on, however many have come out since.
    private static readonly TimeSpan Grace = TimeSpan.FromDays(30);

    /// <summary>The date that GitHub itself names; nothing where it names none, or has no such call yet.</summary>
    public static async Task<IReadOnlyList<Finding>> DatesAsync(GitHubScope scope, string version, GitHubApi api, CancellationToken cancel)
    {
        if (version == "latest")
            return [];
        var look = await RunnerDeprecation.LookAsync(scope, version, api, cancel);
        if (look.Status is not (200 or 404))
            return [Finding.Notable("github", $"runner program in {scope.Path}", $"GitHub does not tell until when it gives {version} jobs: {look.Status} {look.Message}.", "Run Doctor again; with 403, give the credential the rights that the README names.")];
        if (RunnerDeprecation.EndIn(look) is not { } end)
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
        var newest = Tag(latest);
        if (wanted.Version == "latest" || wanted.Version == newest)
            return [Finding.Good("github", "runner program", $"{newest}, the newest")];

        var late = await NextAsync(wanted.Version, latest, api, cancel) + Grace;
        var rest = late - TimeProvider.System.GetUtcNow();
        var fix = locked ? "Run RefreshImage, which puts the newest into the image and its lock." : $"Set `image.runner.version` to {newest} with its sha256, or to latest, and run DeployRunners.";
        return
        [
            rest > TimeSpan.Zero
                ? Finding.Notable("github", "runner program", $"{wanted.Version} is in use, {newest} is the newest: GitHub gives the old one jobs until about {late.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.", fix)
                : Finding.Bad("github", "runner program", $"{wanted.Version} is in use, and newer ones have come out for more than 30 days, {newest} the last: GitHub may give it no more jobs.", fix),
        ];
    }

    /// <summary>When the first release after the one in use came out. Of more than a page of newer ones, any is older than the grace.</summary>
    private static async Task<DateTimeOffset> NextAsync(string version, JsonElement latest, GitHubApi api, CancellationToken cancel)
    {
        IEnumerable<JsonElement> releases = await api.GetAsync("repos/actions/runner/releases?per_page=100", cancel) is { } page ? page.EnumerateArray() : [];
        return releases
            .Where(release => !release.GetProperty("prerelease").GetBoolean() && Version.TryParse(Tag(release), out var other) && Version.TryParse(version, out var own) && other > own)
            .Append(latest).Min(release => release.GetProperty("published_at").GetDateTimeOffset());
    }

    private static string Tag(JsonElement release) => release.GetProperty("tag_name").GetString()!.TrimStart('v');
}
