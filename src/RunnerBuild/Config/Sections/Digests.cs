using System.Collections.Immutable;
using RunnerBuild.Config.Yaml;

namespace RunnerBuild.Config.Sections;

/// <summary>What differs between architectures: SHA-256 of what is downloaded, and from where.</summary>
internal static class Digests
{
    private static readonly Key<string> X64 = new("x64", "Of the package for x64", Digest());
    private static readonly Key<string> Arm64 = new("arm64", "Of the package for arm64", Digest());
    private static readonly Key<string> UrlX64 = new("x64", "Of the package for x64", Url());
    private static readonly Key<string> UrlArm64 = new("arm64", "Of the package for arm64", Url());

    public static Section Section { get; } = new("digests", "SHA-256 of packages, in hexadecimal, as their release page shows them", X64, Arm64);

    public static Section Urls { get; } = new("downloads", "Web addresses of packages", UrlX64, UrlArm64);

    public static ImmutableSortedDictionary<string, string> In(Settings digests) => In(digests, X64, Arm64);

    public static ImmutableSortedDictionary<string, string> UrlsIn(Settings urls) => In(urls, UrlX64, UrlArm64);

    private static ImmutableSortedDictionary<string, string> In(Settings settings, params Key<string>[] keys) => ImmutableSortedDictionary.CreateRange(
        StringComparer.Ordinal, keys.Where(key => settings.Has(key)).Select(key => KeyValuePair.Create(key.Name, settings.Get(key))));

    private static Shape<string> Digest() =>
        Texts.Like("a SHA-256 in hexadecimal, 64 characters", "^[0-9A-Fa-f]{64}$").As((text, _) => text.ToLowerInvariant());

    private static Shape<string> Url() => Addresses.Server("https://mirror.home.arpa/helm.tar.gz", "https", "http").As((uri, _) => uri.AbsoluteUri);
}
