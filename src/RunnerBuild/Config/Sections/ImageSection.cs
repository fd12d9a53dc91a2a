using System.Collections.Immutable;
using RunnerBuild.Config.Yaml;

namespace RunnerBuild.Config.Sections;

/// <summary>What the runner image is made of.</summary>
internal static class ImageSection
{
    private const string Latest = "latest";
    private static readonly string[] Moved = ["HELM_URL", "KUBECTL_URL", "TERRAFORM_URL"];

    private static readonly Key<string> Version = new(
        "version", "A release such as 2.330.0, or latest: the one that the lock names",
        Texts.Like("a release such as 2.330.0, or latest", @"^(latest|[0-9]+\.[0-9]+\.[0-9]+)$")) { Default = Latest };
    private static readonly Key<Settings> Sha256 = new("sha256", "SHA-256 of the packages; needed for a version, not for latest", Digests.Section);

    private static readonly Key<string> Base = new(
        "base", "Image to begin with; Debian or Ubuntu", Names.Image) { Default = "debian:trixie-slim" };
    private static readonly Key<Settings> Runner = new(
        "runner", "The official runner program", new Section("runner", "The official runner program", Version, Sha256)) { Default = "{}" };
    private static readonly Key<Uri> Source = new(
        "source", "REST API that has the releases of actions/runner: GitHub's, or a mirror's",
        Addresses.Server("https://api.github.com", "https", "http")) { Default = "https://api.github.com" };
    private static readonly Key<Settings> Tools = new("tools", "Tool sets to put in", ToolsSection.Section) { Default = "{}" };
    private static readonly Key<string> Lock = new(
        "lock", "File that pins what is left open here: releases and their hashes; without, the fleet file's name with .lock.json for its ending", Files.AnyPath);
    private static readonly Key<string> Builder = new(
        "builder", "Host that the image is built on, for its architecture; without, the first that needs it", Texts.Like("the name of one of the hosts", Names.ShortLabelPattern));
    private static readonly Key<string> Registry = new(
        "registry", "Repository that the image is pushed to and pulled from, such as registry.home.arpa/ci/runner; without, it is streamed from host to host", Names.Repository);
    private static readonly Key<int> Keep = new(
        "keep", "How many runner images each host keeps, the one in use included; RollbackImage goes back to the others", Texts.Number(1, 20)) { Default = "3" };
    private static readonly Key<string> Context = new(
        "context", "Folder with a Dockerfile of your own to build instead; relative to the fleet file", Files.AnyPath);
    private static readonly Key<ImmutableSortedDictionary<string, string>> Arguments = new(
        "arguments", "Build arguments; no secrets: they stay in the image", Variables.Shape) { Default = "{}" };

    public static Section Section { get; } = new(
        "image", "What the runner image is made of", Base, Runner, Source, Tools, Lock, Builder, Registry, Keep, Context, Arguments);

    public static ImageRecipe Recipe(Settings image, ImmutableArray<Host> hosts)
    {
        if (image.Get(Builder) is { } builder && hosts.All(host => host.Name != builder))
            image.PlaceOf(Builder).Say($"should be one of the hosts, is '{builder}': there are {string.Join(", ", hosts.Select(host => host.Name))}");
        GitHubSection.RefusePlainHttp(image.Get(Source), image.PlaceOf(Source));
        if (image.Get(Context) is { } context && !File.Exists(Path.Combine(context, "Dockerfile")))
            image.PlaceOf(Context).Say($"should be a folder with a Dockerfile; there is none in {Reading.NameForPeople(context)}");
        if (image.Get(Arguments).Keys.FirstOrDefault(Moved.Contains) is { } moved)
            image.PlaceOf(Arguments).Say(moved, $"is said elsewhere now: `tools: {{ {moved[..^"_URL".Length].ToLowerInvariant()}: {{ version: …, sha256: {{ … }}, url: {{ x64: … }} }} }}`");
        return new ImageRecipe(image.Get(Base), Release(image), ToolsSection.Chosen(image.Get(Tools), image.Get(Context)), image.Get(Context), image.Get(Arguments))
        {
            Builder = image.Get(Builder),
            Registry = image.Get(Registry),
            Keep = image.Get(Keep),
            LockFile = image.Get(Lock) ?? Path.ChangeExtension(image.At.Reading.File, ".lock.json"),
        };
    }

    private static RunnerRelease Release(Settings image)
    {
        var runner = image.Get(Runner);
        var digests = runner.Has(Sha256) ? Digests.In(runner.Get(Sha256)) : ImmutableSortedDictionary<string, string>.Empty;
        if (runner.Said.Contains(Version) && !runner.Has(Version))
            return new RunnerRelease(Latest, digests, image.Get(Source));
        if (runner.Get(Version) == Latest && runner.Said.Contains(Sha256))
            runner.PlaceOf(Sha256).Say("belongs to one version; say which instead of latest, or remove it");
        else if (runner.Get(Version) != Latest && digests.Count == 0 && !runner.Said.Contains(Sha256))
            runner.At.Say(
                Sha256.Name,
                $"is missing; version {runner.Get(Version)} needs the SHA-256 of its package for x64 or arm64: its release page shows it");
        return new RunnerRelease(runner.Get(Version), digests, image.Get(Source));
    }
}
