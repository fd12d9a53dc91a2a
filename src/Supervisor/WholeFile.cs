namespace Supervisor;

/// <summary>Replaces a file so that after a crash or a power cut it is the old one or the new one, never a part.</summary>
internal static class WholeFile
{
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var written = path + ".new";
        using (var file = new FileStream(written, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            file.Write(content);
            // Before the rename: else a power cut may leave the new name with nothing in it.
            file.Flush(flushToDisk: true);
        }
        File.Move(written, path, overwrite: true);
    }
}
