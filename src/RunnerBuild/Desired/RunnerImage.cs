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

    public string Reference => $"{Repository}:{Recipe}";

    public static RunnerImage Of(ImageRecipe recipe, RunnerDownload runner, string defaultContext)
    {
        var context = recipe.Context ?? defaultContext;
        var arguments = recipe.BuildArguments.SetItems(new Dictionary<string, string>
        {
            ["BASE"] = recipe.Base,
            ["RUNNER_VERSION"] = runner.Version,
            ["RUNNER_SHA256"] = runner.Sha256,
            ["RUNNER_URL"] = runner.Url,
            ["TOOLS"] = string.Join(' ', recipe.Tools),
        });
        var hash = Hash(context, arguments);
        return new RunnerImage(context, arguments.SetItem("RECIPE_HASH", hash), hash);
    }

    /// <summary>The files that are sent to the engine, in an order that does not depend on the file system.</summary>
    public static IEnumerable<string> Files(string context) =>
        Directory.EnumerateFiles(context, "*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".md", StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal);

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
