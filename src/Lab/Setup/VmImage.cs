using System.Security.Cryptography;
using System.Text;

namespace Lab.Setup;

/// <summary>The image of the lab's machines; its tag is the hash of its recipe, so that a changed recipe is built anew.</summary>
internal sealed record VmImage(LabOptions Options, Action<string> Say)
{
    private static readonly string Recipe = Path.Combine(AppContext.BaseDirectory, "Hosts", "vm-image");
    private static readonly string[] Proxies = ["http_proxy", "https_proxy", "no_proxy"];

    public static string Tag(LabOptions options) => $"{options.Name}/vm:{RecipeHash()}";

    // The base image's label of the same name is overridden: this one is no base.
    private static string Made => $"runnerbuild.made=vm-{RecipeHash()}";

    public async Task EnsureAsync(CancellationToken cancel)
    {
        var tag = Tag(Options);
        if (await Docker.HasImageAsync(tag, cancel))
            return;
        var same = await Docker.LinesAsync(["image", "ls", "--quiet", "--filter", $"label={Made}"], cancel);
        if (same is [var image, ..])
        {
            await Docker.RunAsync(["tag", image, tag], cancel);
            return;
        }
        Say($"image {tag}: building it (about half a minute)");
        await (Docker.Command(
            ["build", "--tag", tag, "--build-arg", $"BASE={Options.BaseImage}", .. ProxyArguments(), "--label", Made, Recipe]) with
        {
            // The classic builder is in every engine; the other one comes in a package of its own.
            Environment = new Dictionary<string, string> { ["DOCKER_BUILDKIT"] = "0" },
        }).OutputAsync(cancel);
    }

    /// <summary>The first twelve digits of the SHA-256 over all files' names and contents.</summary>
    private static string RecipeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.EnumerateFiles(Recipe, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(Recipe, file) + "\n"));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }

    // Without a value the client passes on that of its own environment.
    private static IEnumerable<string> ProxyArguments() =>
        Proxies.Where(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 }).SelectMany(name => new[] { "--build-arg", name });
}
