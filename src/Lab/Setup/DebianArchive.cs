namespace Lab.Setup;

/// <summary>Where a release's packages come from.</summary>
/// <param name="Security">Null when it cannot be reached.</param>
internal sealed record DebianArchive(Uri Main, bool HasUpdates, Uri? Security)
{
    public const string Suite = "trixie";
    private static readonly Uri DefaultMain = new("http://deb.debian.org/debian");
    private static readonly Uri DefaultSecurity = new("http://deb.debian.org/debian-security");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The mirrors that this machine uses already where they have the release, else Debian's own.</summary>
    public static async Task<DebianArchive> FindAsync(IReadOnlyList<Uri> machine, CancellationToken cancel)
    {
        using var http = new HttpClient { Timeout = Patience };
        var main = await FirstAsync(http, [.. machine, DefaultMain], Suite, cancel) ?? throw new LabException(
            $"No Debian mirror with the release {Suite} can be reached.",
            $"asked were {string.Join(", ", machine.Append(DefaultMain))}.",
            "Connect this machine to the Internet, or name a reachable mirror in its apt sources, then run the same command again.");
        return new(
            main,
            await HasAsync(http, main, $"{Suite}-updates", cancel),
            await FirstAsync(http, [.. machine, DefaultSecurity], $"{Suite}-security", cancel));
    }

    public string SourcesList => string.Concat(
        $"deb {Main} {Suite} main\n",
        HasUpdates ? $"deb {Main} {Suite}-updates main\n" : "",
        Security is null ? "" : $"deb {Security} {Suite}-security main\n");

    // A minimal system cannot check certificates.
    public bool NeedsCertificates => Main.Scheme == Uri.UriSchemeHttps || Security?.Scheme == Uri.UriSchemeHttps;

    private static async Task<Uri?> FirstAsync(HttpClient http, IReadOnlyList<Uri> archives, string suite, CancellationToken cancel)
    {
        foreach (var archive in archives.Distinct())
            if (await HasAsync(http, archive, suite, cancel))
                return archive;
        return null;
    }

    private static async Task<bool> HasAsync(HttpClient http, Uri archive, string suite, CancellationToken cancel)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, $"{archive}/dists/{suite}/InRelease");
            using var response = await http.SendAsync(request, cancel);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return false;
        }
    }
}
