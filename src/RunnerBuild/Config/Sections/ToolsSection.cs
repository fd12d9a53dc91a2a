using System.Collections.Immutable;
using RunnerBuild.Config.Yaml;

namespace RunnerBuild.Config.Sections;

/// <summary>Tools that can be put into the image, each at a version whose download is known by its SHA-256.</summary>
internal static class ToolsSection
{
    private static readonly Key<string> Version = new(
        "version", "A release such as 1.9.8", Texts.Like("a release such as 1.9.8", @"^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$")) { Required = true };
    private static readonly Key<Settings> Sha256 = new(
        "sha256", "SHA-256 of its download for x64, for arm64 or for both, as the vendor publishes it", Digests.Section) { Required = true };
    private static readonly Section Tool = new("tool", "A tool's release", Version, Sha256);

    private static readonly Key<Settings> Helm = new("helm", "Helm", Tool);
    private static readonly Key<Settings> Kubectl = new("kubectl", "The command line of Kubernetes", Tool);
    private static readonly Key<Settings> Terraform = new("terraform", "Terraform", Tool);

    public static Section Section { get; } = new("tools", "Optional tools to put in", Helm, Kubectl, Terraform);

    public static ImmutableArray<ToolRelease> Releases(Settings tools) =>
        [.. new[] { Helm, Kubectl, Terraform }.Where(key => tools.Has(key)).Select(key => Release(key.Name, tools.Get(key)))];

    private static ToolRelease Release(string name, Settings tool)
    {
        var digests = tool.Has(Sha256) ? Digests.In(tool.Get(Sha256)) : ImmutableSortedDictionary<string, string>.Empty;
        if (tool.Has(Sha256) && digests.IsEmpty && !tool.Get(Sha256).Said.Any())
            tool.PlaceOf(Sha256).Say("should have x64, arm64 or both");
        return new ToolRelease(name, tool.Get(Version), digests);
    }
}
