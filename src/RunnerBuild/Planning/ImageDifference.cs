using RunnerBuild.Config;

namespace RunnerBuild.Planning;

/// <summary>What of an image's sources has changed since its lock was written.</summary>
/// <param name="Source">`runner`, `base`, `distribution`, or a tool's name.</param>
internal sealed record ImageDifference(string Source, string? From, string? To)
{
    public static IEnumerable<ImageDifference> Between(ImageLock have, ImageLock want)
    {
        if (have.Runner?.Version != want.Runner?.Version || !Same(have.Runner, want.Runner))
            yield return new("runner", have.Runner?.Version, want.Runner?.Version);
        if (have.Base != want.Base)
            yield return new("base", Short(have.Base), Short(want.Base));
        if (have.Distribution != want.Distribution)
            yield return new("distribution", have.Distribution, want.Distribution);
        foreach (var tool in have.Tools.Keys.Union(want.Tools.Keys).Order(StringComparer.Ordinal))
        {
            var (old, now) = (have.Tools.GetValueOrDefault(tool), want.Tools.GetValueOrDefault(tool));
            if (old?.Version != now?.Version || !Same(old, now))
                yield return new(tool, old?.Version, now?.Version);
        }
    }

    public override string ToString() => $"{Source} {From ?? "(none)"} -> {To ?? "(none)"}";

    // Of an architecture that only one of them names, nothing is known to have changed.
    private static bool Same(PinnedRelease? left, PinnedRelease? right) =>
        left is null == right is null && (left is null || left.Sha256.Keys.Intersect(right!.Sha256.Keys).All(name => left.Sha256[name] == right.Sha256[name]));

    private static string? Short(LockedBase? image) => image is null ? null : image.Digest is { } digest ? $"{image.Reference} at {digest[..Math.Min(19, digest.Length)]}" : image.Reference;
}
