using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;

namespace RunnerBuild.Planning;

/// <summary>What is missing of the images that a host's runners are made from: the one that is built there, and those that pools bring.</summary>
internal static class ImagePlan
{
    /// <param name="built">The image of pools without one of their own; null: there is no such pool.</param>
    /// <param name="from">Name of the host that has it or builds it; null: this one builds it.</param>
    public static IEnumerable<Change> Diff(Host host, RunnerImage? built, HostFacts facts, string? from)
    {
        if (built is not null && !facts.Images.Contains(built.Reference))
            yield return new Change("image", from is null ? "build" : "copy", null, built.Reference, [new ObtainImage(built, from)], Note: from is null ? null : $"from {from}");
        foreach (var image in Pulled(host).Where(image => !facts.Pulled.Contains(image)))
            yield return new Change("image", "pull", null, image, [new PullImage(image)]);
    }

    /// <summary>The lock's file that lacks something; the releases that were looked up stay until somebody asks for newer ones.</summary>
    public static Change Lock(string file, ImageLock? have, ImageLock want) =>
        new("image", "lock", have?.Summary, want.Summary, [new WriteLock(file, want)], Note: Path.GetFileName(file));

    /// <summary>The images that the host's pools bring from a registry.</summary>
    public static IEnumerable<string> Pulled(Host host) =>
        host.Pools.Where(pool => pool.Count > 0).Select(pool => pool.Image).OfType<string>().Distinct(StringComparer.Ordinal);
}
