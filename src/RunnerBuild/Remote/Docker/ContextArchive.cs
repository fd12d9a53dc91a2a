using System.Formats.Tar;
using RunnerBuild.Desired;

namespace RunnerBuild.Remote.Docker;

/// <summary>A build context as the engine takes it. No times and no owners: its layer cache looks at them.</summary>
internal static class ContextArchive
{
    private const string Dockerfile = "Dockerfile";
    private const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Program = Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <param name="dockerfile">Instead of the context's own; null: that one.</param>
    public static MemoryStream Of(BuildContext context, byte[]? dockerfile = null)
    {
        var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (path, file) in context.Files().OrderByDescending(entry => entry.Path == Dockerfile))
            {
                using Stream content = path == Dockerfile && dockerfile is not null ? new MemoryStream(dockerfile) : File.OpenRead(file);
                // buildx takes standard input for an archive only when its first 512 bytes are the header of a file.
                TarEntry entry = path == Dockerfile ? new UstarTarEntry(TarEntryType.RegularFile, path) : new PaxTarEntry(TarEntryType.RegularFile, path);
                entry.DataStream = content;
                entry.Mode = IsProgram(content) ? Program : Plain;
                entry.ModificationTime = DateTimeOffset.UnixEpoch;
                tar.WriteEntry(entry);
            }
        }

        stream.Position = 0;
        return stream;
    }

    // A checkout on Windows carries no mode bits.
    private static bool IsProgram(Stream content)
    {
        var isProgram = content.ReadByte() == '#' && content.ReadByte() == '!';
        content.Position = 0;
        return isProgram;
    }
}
