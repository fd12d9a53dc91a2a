using System.Formats.Tar;
using System.IO.Compression;

namespace Lab.GitHub;

/// <summary>Packs a published stand-in as a release of the runner program, laid out as the official one. Same input, same bytes.</summary>
internal static class RunnerTarball
{
    /// <summary>No release of the official program has this number.</summary>
    public const string Version = "2.999.0";

    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <param name="published">Output folder of `dotnet publish src/Lab.Runner`.</param>
    /// <param name="releases">Where the tarball goes.</param>
    /// <param name="runtime">`linux-x64` or `linux-arm64`.</param>
    /// <returns>Path of the tarball.</returns>
    public static string Pack(string published, string releases, string runtime)
    {
        var listener = Path.Combine(published, "Runner.Listener");
        if (!File.Exists(listener))
            throw new FileNotFoundException($"{published} holds no Runner.Listener. Publish src/Lab.Runner there first.", listener);

        Directory.CreateDirectory(releases);
        var tarball = Path.Combine(releases, $"actions-runner-{runtime}-{Version}.tar.gz");
        var draft = tarball + ".new";
        using (var file = File.Create(draft))
        using (var zip = new GZipStream(file, CompressionLevel.Optimal))
        using (var tar = new TarWriter(zip, TarEntryFormat.Pax))
            Write(tar, listener, Path.Combine(published, "layout"));
        File.Move(draft, tarball, overwrite: true);
        return tarball;
    }

    private static void Write(TarWriter tar, string listener, string layout)
    {
        Add(tar, new(TarEntryType.Directory, "./bin/"), Executable);
        Add(tar, new(TarEntryType.Directory, "./externals/"), Executable);
        AddFile(tar, "./bin/Runner.Listener", listener);
        Add(tar, new(TarEntryType.HardLink, "./bin/Runner.Worker") { LinkName = "./bin/Runner.Listener" }, Executable);
        foreach (var script in Directory.GetFiles(layout, "*.sh").Order(StringComparer.Ordinal))
            AddFile(tar, $"./{Path.GetFileName(script)}", script);
    }

    private static void AddFile(TarWriter tar, string name, string file)
    {
        using var content = File.OpenRead(file);
        Add(tar, new(TarEntryType.RegularFile, name) { DataStream = content }, Executable);
    }

    private static void Add(TarWriter tar, PaxTarEntry entry, UnixFileMode mode)
    {
        entry.Mode = mode;
        entry.ModificationTime = DateTimeOffset.UnixEpoch;
        tar.WriteEntry(entry);
    }
}
