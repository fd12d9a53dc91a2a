using RunnerBuild.Config;
using RunnerBuild.Desired;

namespace RunnerBuild.Remote.GitHub;

/// <summary>Where the runner program of a release is, and what its hash must be.</summary>
internal static class RunnerReleases
{
    /// <param name="architecture">`x64` or `arm64`.</param>
    public static async Task<RunnerDownload> ResolveAsync(RunnerRelease release, string architecture, CancellationToken cancel)
    {
        if (release.Version != "latest")
            return Pinned(release, architecture);
        var answer = await new GitHubApi(release.Source, null).GetAsync("repos/actions/runner/releases/latest", cancel)
            ?? throw NoRelease(release, "there is none");
        var version = answer.GetProperty("tag_name").GetString()!.TrimStart('v');
        var name = FileName(architecture, version);
        foreach (var asset in answer.GetProperty("assets").EnumerateArray())
        {
            if (asset.GetProperty("name").GetString() == name && asset.TryGetProperty("digest", out var digest)
                && digest.GetString() is { } text && text.StartsWith("sha256:", StringComparison.Ordinal))
                return new RunnerDownload(version, asset.GetProperty("browser_download_url").GetString()!, text["sha256:".Length..]);
        }

        throw NoRelease(release, $"release {version} has no {name} with a SHA-256 digest");
    }

    private static RunnerDownload Pinned(RunnerRelease release, string architecture)
    {
        if (!release.Sha256.TryGetValue(architecture, out var hash))
            throw new ConfigurationException(
                $"The runner's checksum for {architecture} is missing.", $"image/runner/sha256 names {string.Join(", ", release.Sha256.Keys)}.",
                $"Add `{architecture}: …` from the release's page of actions/runner {release.Version}.");
        var web = release.Source.Host == "api.github.com" ? "https://github.com" : release.Source.GetLeftPart(UriPartial.Authority);
        return new RunnerDownload(
            release.Version, $"{web}/actions/runner/releases/download/v{release.Version}/{FileName(architecture, release.Version)}", hash);
    }

    private static string FileName(string architecture, string version) => $"actions-runner-linux-{architecture}-{version}.tar.gz";

    private static RunnerBuildException NoRelease(RunnerRelease release, string why) => new(
        "The newest runner release cannot be told.", $"{release.Source}: {why}.", "Set image.runner to a version with its sha256.");
}
