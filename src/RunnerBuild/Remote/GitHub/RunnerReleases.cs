using System.Collections.Immutable;
using System.Text.Json;
using RunnerBuild.Config;

namespace RunnerBuild.Remote.GitHub;

/// <summary>The newest release of the runner program, for every architecture that it has a hash for.</summary>
internal static class RunnerReleases
{
    private const string VendorsPlace = "https://github.com/actions/runner/releases/download/";
    private static readonly ImmutableArray<string> Architectures = ["arm64", "x64"];

    /// <param name="source">Base of a REST API that has the releases of actions/runner.</param>
    public static async Task<PinnedRelease> NewestAsync(Uri source, CancellationToken cancel)
    {
        var answer = await new GitHubApi(source, null).GetAsync("repos/actions/runner/releases/latest", cancel) ?? throw NoRelease(source, "there is none");
        var version = answer.GetProperty("tag_name").GetString()!.TrimStart('v');
        var assets = answer.GetProperty("assets").EnumerateArray().ToList();
        var packages = Architectures.Select(name => (Name: name, Asset: assets.FirstOrDefault(asset => asset.GetProperty("name").GetString() == $"actions-runner-linux-{name}-{version}.tar.gz")))
            .Where(package => DigestOf(package.Asset) is not null).ToList();
        return packages.Count == 0
            ? throw NoRelease(source, $"release {version} has no package for Linux with a SHA-256 digest")
            : new PinnedRelease(version, packages.ToImmutableSortedDictionary(package => package.Name, package => DigestOf(package.Asset)!, StringComparer.Ordinal))
            {
                Urls = packages.Select(package => (package.Name, Url: package.Asset.GetProperty("browser_download_url").GetString()!))
                    .Where(package => !package.Url.StartsWith(VendorsPlace, StringComparison.Ordinal))
                    .ToImmutableSortedDictionary(package => package.Name, package => package.Url, StringComparer.Ordinal),
            };
    }

    private static string? DigestOf(JsonElement asset) =>
        asset.ValueKind == JsonValueKind.Object && asset.TryGetProperty("digest", out var digest) && digest.GetString() is { } text && text.StartsWith("sha256:", StringComparison.Ordinal)
            ? text["sha256:".Length..]
            : null;

    private static RunnerBuildException NoRelease(Uri source, string why) => new(
        "The newest runner release cannot be told.", $"{source}: {why}.", "Set image.runner to a version with its sha256.");
}
