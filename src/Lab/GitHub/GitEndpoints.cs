using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Lab.GitHub;

/// <summary>Each repository for `git clone`, with one commit on main, over git's older protocol: its objects as files.</summary>
internal sealed class GitEndpoints(GitHubOptions options)
{
    private const string Someone = "lab <lab@localhost> 1767225600 +0000";

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/{owner}/{repo}/info/refs", (string owner, string repo) => Answer(owner, repo, git => Results.Text($"{git.Commit}\trefs/heads/main\n")));
        endpoints.MapGet("/{owner}/{repo}/HEAD", (string owner, string repo) => Answer(owner, repo, _ => Results.Text("ref: refs/heads/main\n")));
        endpoints.MapGet("/{owner}/{repo}/objects/{folder}/{file}", (string owner, string repo, string folder, string file) => Answer(owner, repo, git =>
            git.Objects.TryGetValue(folder + file, out var content) ? Results.Bytes(content, "application/x-git-loose-object") : Results.NotFound()));
        endpoints.MapGet("/{owner}/{repo}/legacy.tar.gz/{commit}", (string owner, string repo, string commit) => Answer(owner, repo, git =>
            git.Commit == commit ? Results.Bytes(ArchiveOf($"{owner}/{repo}", commit), "application/x-gzip") : Results.NotFound()));
    }

    /// <summary>The one commit of a repository.</summary>
    public static string CommitOf(string repository) => ObjectsOf(repository).Commit;

    // As codeload.github.com makes them: everything below one folder.
    private static byte[] ArchiveOf(string repository, string commit)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        using (var tar = new TarWriter(gzip))
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"{repository.Replace('/', '-')}-{commit[..7]}/README.md") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes($"# {repository}\n")) });
        return packed.ToArray();
    }

    private IResult Answer(string owner, string repo, Func<(string Commit, Dictionary<string, byte[]> Objects), IResult> answer) =>
        options.Repositories.FirstOrDefault(known => known.Equals($"{owner}/{(repo.EndsWith(".git", StringComparison.Ordinal) ? repo[..^4] : repo)}", StringComparison.OrdinalIgnoreCase)) is { } name
            ? answer(ObjectsOf(name))
            : Results.NotFound();

    private static (string Commit, Dictionary<string, byte[]> Objects) ObjectsOf(string repository)
    {
        var objects = new Dictionary<string, byte[]>();
        var file = Add(objects, "blob", Encoding.UTF8.GetBytes($"# {repository}\n"));
        var tree = Add(objects, "tree", [.. "100644 README.md\0"u8, .. Convert.FromHexString(file)]);
        var commit = Add(objects, "commit", Encoding.UTF8.GetBytes($"tree {tree}\nauthor {Someone}\ncommitter {Someone}\n\nThe beginning\n"));
        return (commit, objects);
    }

    // git names an object by the SHA-1 of what it is.
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5350", Justification = "It is git's format.")]
    private static string Add(Dictionary<string, byte[]> objects, string kind, byte[] content)
    {
        byte[] whole = [.. Encoding.UTF8.GetBytes($"{kind} {content.Length}\0"), .. content];
        var name = Convert.ToHexStringLower(SHA1.HashData(whole));
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal))
            zlib.Write(whole);
        objects[name] = packed.ToArray();
        return name;
    }
}
