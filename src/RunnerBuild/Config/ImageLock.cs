using System.Collections.Immutable;
using RunnerBuild.Config.Yaml;

namespace RunnerBuild.Config;

/// <summary>
/// What exactly goes into the image where the fleet leaves it open: each download by version and hash. It changes when somebody asks
/// for newer releases, never by itself. A record like any other: one that is no file yet gives a recipe too.
/// </summary>
internal sealed record ImageLock
{
    public static readonly ImageLock Empty = new();

    public PinnedRelease? Runner { get; init; }

    public LockedBase? Base { get; init; }

    /// <summary>State of the distribution's packages; where it differs, they are installed anew. What it says is for whoever wrote it to know.</summary>
    public string? Distribution { get; init; }

    public ImmutableSortedDictionary<string, PinnedRelease> Tools { get; init; } = ImmutableSortedDictionary.Create<string, PinnedRelease>(StringComparer.Ordinal);

    /// <summary>Tags of images to take instead of what a recipe comes to, by architecture as Debian calls it: a rollback went to them.</summary>
    public ImmutableSortedDictionary<string, string> Pinned { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Tags of images that a rollback went back from.</summary>
    public ImmutableArray<string> Rejected { get; init; } = [];

    /// <summary>What a recipe leaves open and this does not say, as people call it.</summary>
    public ImmutableArray<string> Missing(ImageRecipe recipe) =>
    [
        .. recipe.Runner.IsLeftOpen && Runner is null ? ["runner"] : Array.Empty<string>(),
        .. LeavesBaseOpen(recipe) && Base?.Reference != recipe.Base ? ["base"] : Array.Empty<string>(),
        .. recipe.Tools.Where(tool => tool.IsLeftOpen && !Tools.ContainsKey(tool.Name)).Select(tool => tool.Name),
    ];

    /// <summary>Without what the recipe says itself or no longer has.</summary>
    public ImageLock For(ImageRecipe recipe) => new()
    {
        Runner = recipe.Runner.IsLeftOpen ? Runner : null,
        Base = LeavesBaseOpen(recipe) && Base?.Reference == recipe.Base ? Base : null,
        // It is about the packages of that base.
        Distribution = Base is null || Base.Reference == recipe.Base ? Distribution : null,
        Tools = Tools.RemoveRange(Tools.Keys.Except(recipe.Tools.Where(tool => tool.IsLeftOpen).Select(tool => tool.Name))),
    };

    /// <summary>Where nobody could say which image the reference means now, it means the one that it did.</summary>
    public ImageLock OrBaseOf(ImageLock earlier) => Base is { Digest: null } && earlier.Base?.Reference == Base.Reference ? this with { Base = earlier.Base } : this;

    /// <summary>The releases in it, for people.</summary>
    public string Summary => string.Join(", ", new[]
    {
        Runner is null ? null : $"runner {Runner.Version}",
        Base?.Digest is { } digest ? $"{Base.Reference} at {digest[..Math.Min(digest.Length, 19)]}" : null,
    }.Concat(Tools.Select(tool => $"{tool.Key} {tool.Value.Version}")).OfType<string>().DefaultIfEmpty("nothing"));

    private static bool LeavesBaseOpen(ImageRecipe recipe) => !recipe.Base.Contains('@', StringComparison.Ordinal);

    /// <summary>Null: there is no such file. Errors: <see cref="ConfigurationException"/>.</summary>
    public static ImageLock? Load(string file)
    {
        try
        {
            return File.Exists(file) ? ImageLockJson.Parse(SmallFile.Read(file), Reading.NameForPeople(file)) : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{Reading.NameForPeople(file)} cannot be read.", fault.Message, "Correct that; without the file, its releases are looked up anew.");
        }
    }

    /// <summary>At once: nobody sees a half of it. Errors: <see cref="RunnerBuildException"/>.</summary>
    public void Save(string file)
    {
        var draft = $"{file}.new";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(draft, ImageLockJson.Of(this, indented: true));
            File.Move(draft, file, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new RunnerBuildException(
                $"{Reading.NameForPeople(file)} could not be written.", fault.Message, "Give this user the right to write there, or name another file with `image.lock` in the fleet.");
        }
    }
}

/// <summary>The base image at one moment.</summary>
/// <param name="Reference">As the fleet has it: what the digest belongs to.</param>
/// <param name="Digest">`sha256:…`; null: its registry, if there is one, does not tell.</param>
internal sealed record LockedBase(string Reference, string? Digest);
