using System.Formats.Tar;

namespace Supervisor.Docker;

/// <summary>A file, folder or symbolic link to put into a container.</summary>
/// <param name="Path">From the root, without a slash before it.</param>
/// <param name="Content">Of a file.</param>
/// <param name="Target">Of a link.</param>
internal sealed record ContainerFile(TarEntryType Type, string Path, byte[]? Content, string? Target, UnixFileMode Mode, int Owner)
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Searchable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public static ContainerFile Of(string path, byte[] content, UnixFileMode mode = Readable, int owner = 0) =>
        new(TarEntryType.RegularFile, path, content, null, mode, owner);

    public static ContainerFile Directory(string path, int owner, UnixFileMode mode = Searchable) =>
        new(TarEntryType.Directory, path.TrimEnd('/') + "/", null, null, mode, owner);

    public static ContainerFile Link(string path, string target) => new(TarEntryType.SymbolicLink, path, null, target, Searchable, 0);

    public static byte[] Tar(IEnumerable<ContainerFile> files)
    {
        using var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var file in files)
            {
                var entry = new PaxTarEntry(file.Type, file.Path) { Mode = file.Mode, Uid = file.Owner, Gid = file.Owner };
                if (file.Content is not null)
                    entry.DataStream = new MemoryStream(file.Content);
                if (file.Target is not null)
                    entry.LinkName = file.Target;
                writer.WriteEntry(entry);
            }
        }
        return bytes.ToArray();
    }
}
