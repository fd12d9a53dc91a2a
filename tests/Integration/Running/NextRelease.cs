using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Lab.GitHub;

namespace Integration.Running;

/// <summary>A release of the runner program that comes out while the lab is up: the stand-in once more, under the next number, until this is disposed.</summary>
internal sealed class NextRelease : IDisposable
{
    public const string Version = "2.999.1", Later = "2.999.2";

    private readonly string _tarball;

    private NextRelease(string tarball) => _tarball = tarball;

    /// <param name="releases">The lab's folder of them.</param>
    /// <param name="version">As long as the stand-in's own.</param>
    public static NextRelease In(string releases, string version = Version)
    {
        var present = Directory.GetFiles(releases, $"*-{RunnerTarball.Version}.tar.gz").ShouldHaveSingleItem();
        var next = present.Replace(RunnerTarball.Version, version, StringComparison.Ordinal);
        using (var from = new TarReader(new GZipStream(File.OpenRead(present), CompressionMode.Decompress)))
        using (var to = new TarWriter(new GZipStream(File.Create(next + ".new"), CompressionLevel.Fastest)))
            while (from.GetNextEntry(copyData: true) is { } entry)
                to.WriteEntry(Renumbered(entry, version));
        File.Move(next + ".new", next);
        return new NextRelease(next);
    }

    /// <summary>The program's text is UTF-16, and a number of the same length may stand in its place.</summary>
    private static TarEntry Renumbered(TarEntry entry, string version)
    {
        if (entry.DataStream is not { } data)
            return entry;
        using var content = new MemoryStream();
        data.CopyTo(content);
        var bytes = content.ToArray();
        foreach (var encoding in new Encoding[] { Encoding.Unicode, Encoding.UTF8 })
            for (int at; (at = bytes.AsSpan().IndexOf(encoding.GetBytes(RunnerTarball.Version))) >= 0;)
                encoding.GetBytes(version).CopyTo(bytes, at);
        entry.DataStream = new MemoryStream(bytes);
        return entry;
    }

    public void Dispose() => File.Delete(_tarball);
}
