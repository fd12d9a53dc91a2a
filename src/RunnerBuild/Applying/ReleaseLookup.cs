using RunnerBuild.Config;
using RunnerBuild.Remote.GitHub;
using RunnerBuild.Remote.Releases;

namespace RunnerBuild.Applying;

/// <summary>Looks up what a recipe leaves open.</summary>
internal sealed class ReleaseLookup(ToolReleases tools)
{
    /// <summary>What is known, and the newest of all that is not. From <see cref="ImageLock.Empty"/>: the newest of everything.</summary>
    /// <param name="baseDigest">Asks for the digest of an image; null where it cannot be told.</param>
    public async Task<ImageLock> CompleteAsync(ImageRecipe recipe, ImageLock known, Func<string, CancellationToken, Task<string?>> baseDigest, CancellationToken cancel)
    {
        var missing = known.Missing(recipe);
        var found = known.For(recipe);
        if (missing.Contains("runner"))
            found = found with { Runner = await RunnerReleases.NewestAsync(recipe.Runner.Source, cancel) };
        if (missing.Contains("base"))
            found = found with { Base = new LockedBase(recipe.Base, await baseDigest(recipe.Base, cancel)) };
        foreach (var tool in missing.Except(["runner", "base"]))
            found = found with { Tools = found.Tools.SetItem(tool, await tools.NewestAsync(tool, cancel)) };
        return found;
    }
}
