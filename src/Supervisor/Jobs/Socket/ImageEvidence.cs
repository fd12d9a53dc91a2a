using System.Text;
using System.Text.RegularExpressions;
using Supervisor.Docker;

namespace Supervisor.Jobs.Socket;

/// <summary>The images that one request names, and those that the engine's answer to it names: by them the request's own are told from what others make at the same time.</summary>
internal sealed partial class ImageEvidence(IEnumerable<string> names)
{
    // Longer than what is looked for, so that nothing is missed between two chunks.
    private const int Overlap = 300;
    private readonly HashSet<string> names = [.. names.Select(Normal)];
    private readonly HashSet<string> hashes = [];
    private readonly HashSet<string> shortHashes = [];
    private string tail = "";

    public void See(ReadOnlySpan<byte> bytes)
    {
        var text = tail + Encoding.Latin1.GetString(bytes);
        foreach (var match in Hash().EnumerateMatches(text))
            hashes.Add(text.Substring(match.Index, match.Length));
        foreach (Match match in Step().Matches(text))
            shortHashes.Add("sha256:" + match.Groups["id"].Value);
        foreach (Match match in Loaded().Matches(text))
            names.Add(Normal(match.Groups["name"].Value));
        tail = text[Math.Max(0, text.Length - Overlap)..];
    }

    public bool Means(string tag) => names.Contains(Normal(tag));

    public bool Means(ImageSummary image) =>
        hashes.Contains(image.Id) || shortHashes.Contains(image.Id[..19]) || image.Tags.Any(Means)
        || image.RepoDigests?.Any(digest => hashes.Contains(digest[(digest.IndexOf('@') + 1)..])) == true;

    /// <summary>As the engine lists it: <c>docker.io/library/alpine</c> is <c>alpine:latest</c>.</summary>
    public static string Normal(string reference)
    {
        foreach (var prefix in (string[])["docker.io/", "index.docker.io/", "library/"])
            reference = reference.StartsWith(prefix, StringComparison.Ordinal) ? reference[prefix.Length..] : reference;
        return reference.Contains('@') || reference.LastIndexOf(':') > reference.LastIndexOf('/') ? reference : reference + ":latest";
    }

    [GeneratedRegex("sha256:[0-9a-f]{64}")]
    private static partial Regex Hash();

    // The classic builder names each step's image so; in JSON, > is written \u003e.
    [GeneratedRegex(@" ---(?:>|\\u003e) (?<id>[0-9a-f]{12})")]
    private static partial Regex Step();

    [GeneratedRegex(@"Loaded image: (?<name>[^\\""\s]+)(?=[\\""\s])")]
    private static partial Regex Loaded();
}
