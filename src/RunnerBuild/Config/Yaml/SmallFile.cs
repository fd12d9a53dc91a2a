using System.Text;

namespace RunnerBuild.Config.Yaml;

/// <summary>Reads files that people write by hand.</summary>
internal static class SmallFile
{
    private const int Largest = 1024 * 1024;

    /// <summary>Errors: <see cref="IOException"/>, <see cref="UnauthorizedAccessException"/>; also for anything that has more than a
    /// mebibyte.</summary>
    public static string Read(string path)
    {
        using var stream = File.OpenRead(path);
        var bytes = new byte[Largest + 1];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > Largest)
            throw new IOException($"{path} has more than {Largest} bytes; that is no file of this kind.");

        using var reader = new StreamReader(new MemoryStream(bytes, 0, length), Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
