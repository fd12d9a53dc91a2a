using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using RunnerBuild.Config;

namespace RunnerBuild.Remote.Releases;

/// <summary>The newest releases of the tools that come from their vendors.</summary>
/// <param name="handler">What carries the requests; null: the network.</param>
internal sealed partial class ToolReleases(HttpMessageHandler? handler = null)
{
    private const long Largest = 8 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Errors: <see cref="RunnerBuildException"/> when the vendor does not answer, or with something else than a release.</summary>
    /// <param name="name">One of <see cref="ToolSet.Downloaded"/>.</param>
    public async Task<PinnedRelease> NewestAsync(string name, CancellationToken cancel)
    {
        var vendor = ToolVendor.All.Single(vendor => vendor.Name == name);
        using var http = new HttpClient(handler ?? new SocketsHttpHandler(), disposeHandler: handler is null) { Timeout = Patience, MaxResponseContentBufferSize = Largest };
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("RunnerBuild", null));
        try
        {
            var version = vendor.VersionIn(await http.GetStringAsync(new Uri(vendor.Newest), cancel))?.TrimStart('v') ?? "";
            if (!Version().IsMatch(version))
                throw Unknown(name, $"{vendor.Newest} says '{version[..Math.Min(version.Length, 40)]}', which is no release.");
            var digests = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
            foreach (var (architecture, called) in new[] { ("x64", vendor.Architectures.X64), ("arm64", vendor.Architectures.Arm64) })
                digests = digests.Add(architecture, await DigestAsync(http, vendor, version, called, cancel));
            return new PinnedRelease(version, digests);
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException || fault is OperationCanceledException && !cancel.IsCancellationRequested)
        {
            throw Unknown(name, $"{vendor.Newest}: {fault.Message}");
        }
    }

    private static async Task<string> DigestAsync(HttpClient http, ToolVendor vendor, string version, string architecture, CancellationToken cancel)
    {
        string Filled(string text) => text.Replace("{version}", version, StringComparison.Ordinal).Replace("{arch}", architecture, StringComparison.Ordinal);
        var body = await http.GetStringAsync(new Uri(Filled(vendor.Sums)), cancel);
        // `hash  name` a line, the name with or without a `*` before it; or the hash alone.
        var lines = body.Split('\n').Select(line => line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length > 0).ToList();
        var digest = lines.FirstOrDefault(words => words.Length == 1 && lines.Count == 1 || words.Length > 1 && words[1].TrimStart('*') == Filled(vendor.File))?[0].ToLowerInvariant();
        return digest is not null && Sha256().IsMatch(digest) ? digest : throw Unknown(vendor.Name, $"{Filled(vendor.Sums)} has no SHA-256 of {Filled(vendor.File)}.");
    }

    private static RunnerBuildException Unknown(string name, string why) => new(
        $"The newest release of {name} cannot be told.", why,
        $"Run it again when its vendor can be reached, or say which one: `tools: {{ {name}: {{ version: …, sha256: {{ x64: … }} }} }}` in the fleet's image.");

    [GeneratedRegex(@"\A[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?\z")]
    private static partial Regex Version();

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Sha256();
}
