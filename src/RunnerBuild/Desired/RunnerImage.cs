using System.Collections.Immutable;
using RunnerBuild.Config;

namespace RunnerBuild.Desired;

/// <summary>An image to be built: its context and arguments, and the name that follows from them.</summary>
/// <param name="Recipe">Hash of all inputs, 12 hex digits; tag and label of the image.</param>
/// <param name="Labels">What the image says of itself; what is not known before it is built comes to it then.</param>
internal sealed record RunnerImage(
    BuildContext Context, ImmutableSortedDictionary<string, string> Arguments, string Recipe, ImmutableSortedDictionary<string, string> Labels)
{
    /// <summary>It is there already, and today's files would not make it: no host can build it.</summary>
    public bool IsPinned { get; init; }

    public const string Repository = "runnerbuild/runner";

    /// <summary>By it, images that were built here are known from others.</summary>
    public const string RecipeLabel = "runnerbuild.recipe";

    /// <summary>The lock that it was built from, as JSON on one line.</summary>
    public const string LockLabel = "runnerbuild.lock";

    /// <summary>Its tool sets, with the version of those that are downloaded.</summary>
    public const string ToolsLabel = "runnerbuild.tools";

    public const string VersionLabel = "org.opencontainers.image.version";
    public const string BaseNameLabel = "org.opencontainers.image.base.name";
    public const string BaseDigestLabel = "org.opencontainers.image.base.digest";

    public string Reference => $"{Repository}:{Recipe}";

    /// <summary>
    /// The image of a recipe and a lock, which need not be a file. Errors: <see cref="ConfigurationException"/> when they lack something.
    /// </summary>
    /// <param name="architecture">`x64` or `arm64`.</param>
    /// <param name="defaultContext">Absolute path of the project's `runner-image`.</param>
    public static RunnerImage Of(ImageRecipe recipe, ImageLock @lock, string architecture, string defaultContext)
    {
        var context = recipe.Tools.Where(tool => tool.Script is not null)
            .Aggregate(new BuildContext(recipe.Context ?? defaultContext), (folder, tool) => folder.WithSet(tool.Name, tool.Script!));
        var used = @lock.For(recipe);
        var pins = new RecipePins(recipe, used, architecture);
        var arguments = recipe.BuildArguments.SetItems(pins.Arguments);
        var hash = RecipeHash.Of(context.Files().Select(entry => (entry.Path, BuildContext.Content(entry.File))), arguments);
        return new RunnerImage(context, arguments, hash, LabelsOf(hash, pins, recipe, used));
    }

    private static ImmutableSortedDictionary<string, string> LabelsOf(string hash, RecipePins pins, ImageRecipe recipe, ImageLock @lock)
    {
        var labels = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, new Dictionary<string, string>
        {
            [RecipeLabel] = hash,
            [LockLabel] = ImageLockJson.Of(@lock, indented: false),
            [ToolsLabel] = string.Join(' ', recipe.Tools.Select(tool => pins.OfTool(tool) is { } release ? $"{tool.Name}={release.Version}" : tool.Name)),
            [VersionLabel] = pins.Runner.Version,
            [BaseNameLabel] = recipe.Base.Split('@')[0],
        });
        return pins.Base.Split('@') is [_, var digest] ? labels.SetItem(BaseDigestLabel, digest) : labels;
    }
}
