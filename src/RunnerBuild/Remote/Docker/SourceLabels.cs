using System.ComponentModel;
using System.Globalization;

namespace RunnerBuild.Remote.Docker;

/// <summary>What an image says of when and from which sources it was built. It does not count for its recipe.</summary>
internal static class SourceLabels
{
    public static async Task<IReadOnlyDictionary<string, string>> OfAsync(string repository, CancellationToken cancel)
    {
        var labels = new Dictionary<string, string>
        {
            ["org.opencontainers.image.created"] = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        };
        if (await GitAsync(repository, cancel, "remote", "get-url", "origin") is { } origin && Address(origin) is { } source)
            labels["org.opencontainers.image.source"] = source;
        if (await GitAsync(repository, cancel, "rev-parse", "HEAD") is { } commit)
            labels["org.opencontainers.image.revision"] = commit;
        return labels;
    }

    /// <summary>Without the user and password that some keep in it. Null: it is a folder.</summary>
    internal static string? Address(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" or "ssh" or "git"
            ? new UriBuilder(uri) { UserName = "", Password = "" }.Uri.ToString()
            // git@host:owner/name.git
            : origin.Split('@') is [_, var place] && place.Split(':') is [var host, var path] && !place.Contains("//", StringComparison.Ordinal) ? $"ssh://{host}/{path}" : null;

    private static async Task<string?> GitAsync(string repository, CancellationToken cancel, params string[] arguments)
    {
        try
        {
            var (exitCode, output) = await LocalProcess.RunAsync("git", arguments, repository, null, cancel);
            return exitCode == 0 && output.Trim() is { Length: > 0 } text ? text : null;
        }
        catch (Win32Exception)
        {
            // No git here, and none is needed.
            return null;
        }
    }
}
