using System.Collections.Immutable;
using RunnerBuild.Config.Yaml;

namespace RunnerBuild.Config.Sections;

/// <summary>SHA-256 of what is downloaded, by the architecture that it is for.</summary>
internal static class Digests
{
    private static readonly Key<string> X64 = new("x64", "Of the package for x64", Digest());
    private static readonly Key<string> Arm64 = new("arm64", "Of the package for arm64", Digest());

    public static Section Section { get; } = new("digests", "SHA-256 of packages, in hexadecimal, as their release page shows them", X64, Arm64);

    public static ImmutableSortedDictionary<string, string> In(Settings digests) => ImmutableSortedDictionary.CreateRange(
        StringComparer.Ordinal, new[] { X64, Arm64 }.Where(key => digests.Has(key)).Select(key => KeyValuePair.Create(key.Name, digests.Get(key))));

    private static Shape<string> Digest() =>
        Texts.Like("a SHA-256 in hexadecimal, 64 characters", "^[0-9A-Fa-f]{64}$").As((text, _) => text.ToLowerInvariant());
}
