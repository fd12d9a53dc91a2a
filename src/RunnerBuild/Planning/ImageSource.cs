using RunnerBuild.Config;
using RunnerBuild.Facts;

namespace RunnerBuild.Planning;

/// <summary>A host that an image could come from: of the architecture that it is for, with an engine that answers.</summary>
/// <param name="Takes">It takes part in the run; else it may only be read from.</param>
internal sealed record ImageCandidate(Host Host, HostFacts Facts, bool Takes)
{
    public bool Has(string reference) => Facts.Images.Contains(reference);

    /// <summary>Whether its own pools are made from the image.</summary>
    public bool Needs => Host.Pools.Any(pool => pool.Image is null);
}

/// <summary>Which host an image comes from: every host comes to the same answer, so that it is built once.</summary>
internal static class ImageSource
{
    /// <param name="host">Who lacks it.</param>
    /// <param name="builder">Where the fleet wants it built; null: it does not say.</param>
    /// <param name="candidates">In the fleet's order, <paramref name="host"/> among them.</param>
    /// <returns>Name of a host that has it, or else that builds it.</returns>
    public static string Of(string host, string reference, string? builder, IEnumerable<ImageCandidate> candidates)
    {
        var ordered = candidates.OrderByDescending(candidate => candidate.Host.Name == builder).ToList();
        var source = ordered.FirstOrDefault(candidate => candidate.Has(reference))
            ?? ordered.FirstOrDefault(candidate => candidate.Takes && (candidate.Needs || candidate.Host.Name == builder));
        return source?.Host.Name ?? host;
    }
}
