using System.Collections.Immutable;
using RunnerBuild.Remote.Ssh;

namespace RunnerBuild.Facts;

/// <summary>An image that this program built.</summary>
/// <param name="Lock">The lock that it was built from, as JSON; null: it is of a time before locks.</param>
internal sealed record BuiltImage(string Tag, string? Lock);

/// <summary>Asks a host for its runner images.</summary>
internal static class BuiltImages
{
    private const string Ask = """
        set -eu
        docker image ls --filter label=runnerbuild.recipe --format '{{.Repository}}:{{.Tag}}' runnerbuild/runner | grep -v '<none>' | while read -r image; do
          docker image inspect --format '{{index .Config.Labels "runnerbuild.lock"}}' "$image" | sed "s|^|${image##*:} |"
        done
        """;

    /// <returns>Newest first.</returns>
    public static async Task<ImmutableArray<BuiltImage>> OfAsync(SshMachine machine, CancellationToken cancel) =>
        [.. Parse(await machine.CheckAsync("Looking for images", Ask, [], null, cancel))];

    internal static IEnumerable<BuiltImage> Parse(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', 2))
        .Select(words => new BuiltImage(words[0], words.ElementAtOrDefault(1) is { Length: > 0 } text && text.StartsWith('{') ? text : null));
}
