#nullable disable
using System.Formats.Tar;
using System.IO.Compression;

namespace Nuke.Common.IO;

/// <summary>Directories to archives and back.</summary>
public static partial class AbsolutePathExtensions
{
    public static void ZipTo(
        this AbsolutePath directory, AbsolutePath archiveFile, Func<AbsolutePath, bool> filter = null,
        CompressionLevel compressionLevel = CompressionLevel.Optimal, FileMode fileMode = FileMode.CreateNew)
    {
        archiveFile.Parent.CreateDirectory();
        using var stream = File.Open(archiveFile, fileMode);
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create);
        foreach (var file in Contents(directory, archiveFile, filter))
            archive.CreateEntryFromFile(file, directory.GetUnixRelativePathTo(file), compressionLevel);
    }

    public static void TarGZipTo(this AbsolutePath directory, AbsolutePath archiveFile, Func<AbsolutePath, bool> filter = null, FileMode fileMode = FileMode.CreateNew)
    {
        archiveFile.Parent.CreateDirectory();
        using var stream = new GZipStream(File.Open(archiveFile, fileMode), CompressionLevel.Optimal);
        using var archive = new TarWriter(stream);
        foreach (var file in Contents(directory, archiveFile, filter))
            archive.WriteEntry(file, directory.GetUnixRelativePathTo(file));
    }

    public static void UnZipTo(this AbsolutePath archiveFile, AbsolutePath directory) =>
        ZipFile.ExtractToDirectory(archiveFile, directory.CreateDirectory(), overwriteFiles: true);

    public static void UnTarGZipTo(this AbsolutePath archiveFile, AbsolutePath directory)
    {
        using var stream = new GZipStream(File.OpenRead(archiveFile), CompressionMode.Decompress);
        TarFile.ExtractToDirectory(stream, directory.CreateDirectory(), overwriteFiles: true);
    }

    private static List<AbsolutePath> Contents(AbsolutePath directory, AbsolutePath archiveFile, Func<AbsolutePath, bool> filter) =>
        [.. directory.GetFiles("*", int.MaxValue).Where(x => x != archiveFile && filter?.Invoke(x) != false)];
}
