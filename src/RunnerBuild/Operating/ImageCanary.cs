using System.Collections.Immutable;
using RunnerBuild.Config;
using RunnerBuild.Verifying;

namespace RunnerBuild.Operating;

/// <summary>What refresh and rollback ask of a fleet before they change its image.</summary>
internal static class ImageCanary
{
    /// <summary>Errors: <see cref="ConfigurationException"/>.</summary>
    public static void Require(Fleet fleet, bool withoutCanary, string target)
    {
        if (fleet.Canary is null && !withoutCanary)
            throw new ConfigurationException(
                $"{target} cannot prove an image.", "The fleet names no `canary:`, so no job would run on it before your own do.",
                $"Add one (docs/canary.yml and docs/image-canary.yml go into its repository), or say `{target} --without-canary`: the first host's slots are then the test.");
        if (fleet.Hosts.SelectMany(Desired.Candidate.Built) is var built && !built.Any())
            throw new ConfigurationException($"{target} has nothing to do with this fleet.", "Every pool brings an image of its own.", "Refresh those where they are made; a new reference in the fleet and DeployRunners bring them to the hosts.");
    }

    public static IReadOnlyList<Check> Unproved() => [new Check(null, "image canary", Verdict.Unproved, "left out, as --without-canary said")];

    /// <summary>The tags that a lock's image has, by architecture of the fleet's hosts that are known by now.</summary>
    public static ImmutableSortedDictionary<string, string> Tags(Site site, ImageLock image) => site.Architectures
        .ToImmutableSortedDictionary(name => name, name => site.Image.ImageOf(image, name).Recipe, StringComparer.Ordinal);
}
