using System.Collections.Immutable;
using RunnerBuild.Config;

namespace RunnerBuild.Tests.Images;

/// <summary>A recipe that leaves all open, and a lock for it.</summary>
internal static class ImageSamples
{
    public const string Base = "debian:trixie-slim";

    public static ImageRecipe Recipe { get; } = new(
        Base, new RunnerRelease("latest", Digests(), new Uri("https://api.github.com")), [new("ansible"), new("docker"), new("helm")], null,
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    public static ImageLock Lock { get; } = new()
    {
        Runner = new PinnedRelease("2.330.0", Digests('a', 'b')),
        Base = new LockedBase(Base, $"sha256:{new string('c', 64)}"),
        Distribution = "trixie-security 2026-11-20",
        Tools = ImmutableSortedDictionary<string, PinnedRelease>.Empty.Add("helm", new PinnedRelease("3.16.4", Digests('d', 'e'))),
    };

    /// <summary>By architecture; made of one digit each.</summary>
    public static ImmutableSortedDictionary<string, string> Digests(char? x64 = null, char? arm64 = null)
    {
        var digests = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
        digests = x64 is { } first ? digests.Add("x64", new string(first, 64)) : digests;
        return arm64 is { } second ? digests.Add("arm64", new string(second, 64)) : digests;
    }
}
