using RunnerBuild.Desired;
using RunnerBuild.Facts;

namespace RunnerBuild.Planning;

/// <summary>Removes runner images that nothing will need again. The newest stay, to go back to, and so does each that a container is made from.</summary>
internal static class OldImages
{
    /// <param name="keep">How many stay, the wanted one included.</param>
    public static IEnumerable<Change> Diff(RunnerDeployment wanted, HostFacts facts, int keep)
    {
        var needed = wanted.Slots.Select(slot => slot.Image).ToHashSet(StringComparer.Ordinal);
        return facts.Built.Where(image => !needed.Contains(image) && image.StartsWith($"{RunnerImage.Repository}:", StringComparison.Ordinal))
            .Skip(keep - 1).Where(image => !facts.Used.Contains(image))
            .Select(image => new Change("image", "old", image, null, [new RunScript($"remove image {image}", "docker image rm \"$1\" >/dev/null", [image])]));
    }
}
