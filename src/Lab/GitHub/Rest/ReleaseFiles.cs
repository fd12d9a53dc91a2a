using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Lab.GitHub.Rest;

/// <summary>The runner tarballs in the releases' folder.</summary>
internal sealed partial class ReleaseFiles(string? directory)
{
    private readonly ConcurrentDictionary<(string Path, long Size, DateTime Written), string> _digests = new();

    /// <summary>Newest version first.</summary>
    public List<Release> All() =>
    [
        .. Files()
            .Select(file => (File: file, Match: Name().Match(file.Name)))
            .Where(found => found.Match.Success)
            .GroupBy(found => Version.Parse(found.Match.Groups["version"].Value))
            .OrderByDescending(version => version.Key)
            .Select(version => new Release(version.Key.ToString(), [.. version.Select(found => found.File).OrderBy(file => file.Name)])),
    ];

    /// <summary>Absolute path of a file of a release, null when there is none of this name.</summary>
    public string? Path(string tag, string name) =>
        All().Find(release => release.Tag == tag)?.Files.FirstOrDefault(file => file.Name == name)?.FullName;

    /// <summary>Lower hex of the SHA-256 of the content.</summary>
    public string Digest(FileInfo file) => _digests.GetOrAdd((file.FullName, file.Length, file.LastWriteTimeUtc), key =>
    {
        using var stream = File.OpenRead(key.Path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    });

    private FileInfo[] Files() =>
        directory is not null && Directory.Exists(directory) ? new DirectoryInfo(directory).GetFiles("actions-runner-*.tar.gz") : [];

    [GeneratedRegex(@"^actions-runner-\w+-\w+-(?<version>\d+\.\d+\.\d+)\.tar\.gz$")]
    private static partial Regex Name();
}

/// <summary>One version of the runner program and its tarballs.</summary>
internal sealed record Release(string Version, FileInfo[] Files)
{
    public string Tag => $"v{Version}";
}
