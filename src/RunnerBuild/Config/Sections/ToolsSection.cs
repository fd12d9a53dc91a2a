using System.Collections.Immutable;
using RunnerBuild.Config.Yaml;

namespace RunnerBuild.Config.Sections;

/// <summary>The tool sets of the image. What is downloaded is known by its SHA-256: the fleet says it, or the lock.</summary>
internal static class ToolsSection
{
    private static readonly Key<string> Version = new(
        "version", "A release such as 1.9.8", Texts.Like("a release such as 1.9.8", @"^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$")) { Required = true };
    private static readonly Key<Settings> Sha256 = new(
        "sha256", "SHA-256 of its download for x64, for arm64 or for both, as the vendor publishes it", Digests.Section) { Required = true };
    private static readonly Key<Settings> Url = new("url", "Where to download it instead of the vendor's own place", Digests.Urls);
    private static readonly Section Tool = new("tool", "A tool's release", Version, Sha256, Url);

    private static readonly Key<string> Script = new("script", "The set's file, whose form runner-image/README.md tells; relative to the fleet file", Files.AnyPath);
    private static readonly Key<string> OwnVersion = Version with { Required = false, Description = "A release such as 1.9.8, for a set that downloads one" };
    private static readonly Key<Settings> OwnSha256 = Sha256 with { Required = false };
    private static readonly Key<Settings> OwnUrl = Url with { Description = "Where it downloads that" };
    private static readonly Section OwnTool = new("ownTool", "A tool set of your own", Script, OwnVersion, OwnSha256, OwnUrl);

    private static readonly ImmutableArray<Key<ToolSet>> Sets =
    [
        Packaged("ansible", "Ansible's core, with Python", on: true),
        Packaged("docker", "Docker's command line, engine, compose and buildx: what jobs with an engine of their own need", on: true),
        Downloaded("gh", "GitHub's command line"),
        Downloaded("helm", "Helm"),
        Downloaded("kubectl", "The command line of Kubernetes"),
        Downloaded("node", "Node.js with npm"),
        Packaged("python", "Python 3 with pip and venv", on: false),
        Downloaded("terraform", "Terraform"),
    ];

    private static readonly Key<ImmutableArray<Named<Settings>>> Own = new(
        "own", "Tool sets of your own, by name: from a script, or a file in the tools/ of your own context",
        new MapOf<Settings>("^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$", "1 to 32 lower-case letters, digits and hyphens, no hyphen first or last", OwnTool, 1, 50));

    public static Section Section { get; } = new("tools", "Tool sets of the image: true for one that is in it, false for one that is not", [.. Sets, Own]);

    /// <param name="context">Absolute path of an own build context; null: the project's.</param>
    public static ImmutableArray<ToolSet> Chosen(Settings tools, string? context) =>
    [
        .. Sets.Select(key => tools.Has(key) ? tools.Get(key) : ToolSet.Usual.Contains(key.Name) ? new ToolSet(key.Name) : Left)
            .Concat((tools.Has(Own) ? tools.Get(Own) : []).Select(own => OwnSet(own, context)))
            .Where(tool => tool != Left).OrderBy(tool => tool.Name, StringComparer.Ordinal),
    ];

    private static ToolSet Left { get; } = new("");

    private static Key<ToolSet> Packaged(string name, string description, bool on) => new(name, description, Choice(name)) { Default = on ? "true" : "false" };

    private static Key<ToolSet> Downloaded(string name, string description) => new(
        name, $"{description}; true: the release that the lock names", new Either<ToolSet>(Choice(name), Tool.As((release, _) => new ToolSet(name) { Pin = Release(release, Version, Sha256, Url) })))
        { Default = "false" };

    private static Shape<ToolSet> Choice(string name) => Texts.Switch.As((on, _) => on ? new ToolSet(name) : Left);

    private static PinnedRelease Release(Settings tool, Key<string> version, Key<Settings> sha256, Key<Settings> url)
    {
        var digests = tool.Has(sha256) ? Digests.In(tool.Get(sha256)) : ImmutableSortedDictionary<string, string>.Empty;
        if (tool.Has(sha256) && digests.IsEmpty && !tool.Get(sha256).Said.Any())
            tool.PlaceOf(sha256).Say("should have x64, arm64 or both");
        return new PinnedRelease(tool.Get(version), digests) { Urls = tool.Has(url) ? Digests.UrlsIn(tool.Get(url)) : ImmutableSortedDictionary<string, string>.Empty };
    }

    private static ToolSet OwnSet(Named<Settings> own, string? context)
    {
        var (name, tool) = (own.Name, own.Value);
        if (ToolSet.Packaged.Contains(name) || ToolSet.Downloaded.Contains(name) || name == Own.Name)
            tool.At.Say("is the name of a set that there is already; choose another");
        var script = tool.Has(Script) ? tool.Get(Script) : null;
        if (script is null ? context is null || !File.Exists(Path.Combine(context, "tools", $"{name}.sh")) : !File.Exists(script))
            tool.At.Say(script is null ? $"needs a script, or a file tools/{name}.sh in an own context" : $"names a script that is not there: {Reading.NameForPeople(script)}");
        var said = new Key[] { OwnVersion, OwnSha256, OwnUrl }.Where(key => tool.Said.Contains(key)).ToList();
        if (said.Count is 1 or 2)
            tool.At.Say("needs version, sha256 and url together, or none of them");
        return new ToolSet(name) { Script = script, Pin = said.Count == 3 ? Release(tool, OwnVersion, OwnSha256, OwnUrl) : null };
    }
}
