using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using RunnerBuild.Config;

namespace RunnerBuild.Desired;

/// <summary>An image to be built: its context and arguments, and the name that follows from them.</summary>
/// <param name="Context">Absolute path of the build context.</param>
/// <param name="Recipe">Hash of all inputs, 12 hex digits; tag and label of the image.</param>
internal sealed record RunnerImage(string Context, ImmutableSortedDictionary<string, string> Arguments, string Recipe)
{
    public const string Repository = "runnerbuild/runner";

    /// <summary>By it, images that were built here are known from others.</summary>
    public const string RecipeLabel = "runnerbuild.recipe";

    public string Reference => $"{Repository}:{Recipe}";

    /// <param name="architecture">`x64` or `arm64`. Errors: <see cref="ConfigurationException"/> when a tool has no checksum for it.</param>
    public static RunnerImage Of(ImageRecipe recipe, RunnerDownload runner, string architecture, string defaultContext)
    {
        var context = recipe.Context ?? defaultContext;
        var arguments = recipe.BuildArguments.SetItems(new Dictionary<string, string>
        {
            ["BASE"] = recipe.Base,
            ["RUNNER_VERSION"] = runner.Version,
            ["RUNNER_SHA256"] = runner.Sha256,
            ["RUNNER_URL"] = runner.Url,
            ["TOOLS"] = string.Join(' ', recipe.Tools.Select(tool => tool.Name)),
        }).SetItems(recipe.Tools.SelectMany(tool => ArgumentsOf(tool, architecture)));
        return new RunnerImage(context, arguments, Hash(context, arguments));
    }

    private static IEnumerable<KeyValuePair<string, string>> ArgumentsOf(ToolRelease tool, string architecture)
    {
        if (!tool.Sha256.TryGetValue(architecture, out var hash))
            throw new ConfigurationException(
                $"The checksum of {tool.Name} {tool.Version} for {architecture} is missing.", $"image/tools/{tool.Name}/sha256 names {string.Join(", ", tool.Sha256.Keys)}.",
                $"Add `{architecture}: …` there, from what the vendor publishes beside the download.");
        yield return new($"{tool.Name.ToUpperInvariant()}_VERSION", tool.Version);
        yield return new($"{tool.Name.ToUpperInvariant()}_SHA256", hash);
    }

    /// <summary>The files that are sent to the engine, in an order that does not depend on the file system.</summary>
    public static IEnumerable<string> Files(string context)
    {
        var list = Path.Combine(context, ".dockerignore");
        var ignored = new DockerIgnore(File.Exists(list) ? File.ReadLines(list) : []);
        return Directory.EnumerateFiles(context, "*", SearchOption.AllDirectories)
            .Where(file => IsSent(Path.GetRelativePath(context, file).Replace('\\', '/'), ignored))
            .Order(StringComparer.Ordinal);
    }

    // As docker's own command line does it; but what git keeps for itself changes without a change of the recipe.
    private static bool IsSent(string path, DockerIgnore ignored) =>
        path is "Dockerfile" or ".dockerignore" || !path.Split('/').Contains(".git") && !ignored.Excludes(path);

    private static string Hash(string context, ImmutableSortedDictionary<string, string> arguments)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Files(context))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{Path.GetRelativePath(context, file)}\0{new FileInfo(file).Length}\0"));
            hash.AppendData(File.ReadAllBytes(file));
        }

        foreach (var (name, value) in arguments)
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}={value}\0"));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }
}

/// <summary>Where the runner program comes from, for one architecture.</summary>
/// <param name="Sha256">Hex; the build stops when the download has another.</param>
internal sealed record RunnerDownload(string Version, string Url, string Sha256);
