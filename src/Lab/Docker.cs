namespace Lab;

/// <summary>The engine of this machine, by its command line client, which agrees on an API version with any engine from 20.10 on.</summary>
internal static class Docker
{
    public static LocalCommand Command(params IReadOnlyList<string> arguments) => new("docker", arguments);

    public static Task<string> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancel) => Command(arguments).OutputAsync(cancel);

    /// <summary>Whether the object is there, an image by its tag for example.</summary>
    public static async Task<bool> HasImageAsync(string image, CancellationToken cancel) =>
        (await RunAsync(["image", "ls", "--quiet", "--filter", $"reference={image}"], cancel)).Length > 0;

    /// <summary>The answer's lines, none when it is empty.</summary>
    public static async Task<string[]> LinesAsync(IReadOnlyList<string> arguments, CancellationToken cancel) =>
        (await RunAsync(arguments, cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
