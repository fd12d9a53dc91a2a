using RunnerBuild.Config;

namespace RunnerBuild.Desired;

/// <summary>Which releases a recipe and its lock come to for one architecture. What the fleet says itself wins.</summary>
/// <param name="architecture">`x64` or `arm64`.</param>
internal sealed class RecipePins(ImageRecipe recipe, ImageLock @lock, string architecture)
{
    /// <summary>The base image, by its digest where that is known.</summary>
    public string Base { get; } = @lock.Base is { Digest: { } digest } locked && locked.Reference == recipe.Base ? $"{recipe.Base}@{digest}" : recipe.Base;

    public PinnedRelease Runner { get; } = recipe.Runner.IsLeftOpen
        ? @lock.Runner ?? throw Lacking("the runner program")
        : new PinnedRelease(recipe.Runner.Version, recipe.Runner.Sha256);

    /// <summary>The build arguments that follow.</summary>
    public IEnumerable<KeyValuePair<string, string>> Arguments
    {
        get
        {
            yield return new("BASE", Base);
            yield return new("DISTRIBUTION", @lock.Distribution ?? "");
            yield return new("RUNNER_VERSION", Runner.Version);
            yield return new("RUNNER_SHA256", HashOf(Runner, "the runner program", "image/runner"));
            yield return new("RUNNER_URL", Runner.Urls.GetValueOrDefault(architecture) ?? RunnerUrl);
            yield return new("TOOLS", string.Join(' ', recipe.Tools.Select(tool => tool.Name)));
            yield return new("TOOL_PINS", string.Join(' ', recipe.Tools.SelectMany(PinsOf)));
        }
    }

    /// <summary>Null: the set downloads nothing whose version anybody says.</summary>
    public PinnedRelease? OfTool(ToolSet tool) => tool.IsLeftOpen
        ? @lock.Tools.GetValueOrDefault(tool.Name) ?? throw Lacking(tool.Name)
        : tool.Pin;

    private IEnumerable<string> PinsOf(ToolSet tool)
    {
        if (OfTool(tool) is not { } release)
            yield break;
        var name = tool.Name.ToUpperInvariant().Replace('-', '_');
        yield return $"{name}_VERSION={release.Version}";
        yield return $"{name}_SHA256={HashOf(release, tool.Name, $"image/tools/{tool.Name}")}";
        if (release.Urls.GetValueOrDefault(architecture) is { } url)
            yield return $"{name}_URL={url}";
    }

    private string RunnerUrl
    {
        get
        {
            var web = recipe.Runner.Source.Host == "api.github.com" ? "https://github.com" : recipe.Runner.Source.GetLeftPart(UriPartial.Authority);
            return $"{web}/actions/runner/releases/download/v{Runner.Version}/actions-runner-linux-{architecture}-{Runner.Version}.tar.gz";
        }
    }

    private string HashOf(PinnedRelease release, string name, string path) => release.Sha256.GetValueOrDefault(architecture) ?? throw new ConfigurationException(
        $"The checksum of {name} {release.Version} for {architecture} is missing.", $"Known for {string.Join(", ", release.Sha256.Keys.DefaultIfEmpty("none"))}.",
        $"Add `{architecture}: …` to {path}/sha256 in the fleet, from what the vendor publishes beside the download; or leave version and sha256 out there, and the lock names a release.");

    private static ConfigurationException Lacking(string name) => new(
        $"Which release of {name} goes into the image is not said.", "Neither the fleet nor its lock names one.", "Run BuildCustomImage, which looks up what the lock lacks.");
}
