#nullable disable
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Nuke.Common.IO;

/// <summary>Reading and writing whole files: UTF-8 without byte order mark; missing parent directories are made.</summary>
public static partial class AbsolutePathExtensions
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string ReadAllText(this AbsolutePath path, Encoding encoding = null)
    {
        Assert.FileExists(path);
        return File.ReadAllText(path, encoding ?? Encoding.UTF8);
    }

    public static string[] ReadAllLines(this AbsolutePath path, Encoding encoding = null)
    {
        Assert.FileExists(path);
        return File.ReadAllLines(path, encoding ?? Encoding.UTF8);
    }

    public static byte[] ReadAllBytes(this AbsolutePath path)
    {
        Assert.FileExists(path);
        return File.ReadAllBytes(path);
    }

    /// <summary>Writes the text with exactly one line break at its end, unless <paramref name="eofLineBreak"/> is false.</summary>
    public static AbsolutePath WriteAllText(this AbsolutePath path, string content, Encoding encoding = null, bool? eofLineBreak = null)
    {
        path.Parent.CreateDirectory();
        var ending = content.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        File.WriteAllText(path, eofLineBreak ?? true ? content.TrimEnd('\r', '\n') + ending : content, encoding ?? Utf8);
        return path;
    }

    public static AbsolutePath WriteAllLines(
        this AbsolutePath path, IEnumerable<string> lines, Encoding encoding = null, PlatformFamily? platformFamily = null, bool? eofLineBreak = null)
    {
        var ending = (platformFamily ?? EnvironmentInfo.Platform) == PlatformFamily.Windows ? "\r\n" : "\n";
        return path.WriteAllText(string.Join(ending, lines) + (eofLineBreak ?? true ? ending : ""), encoding, eofLineBreak: false);
    }

    public static AbsolutePath WriteAllBytes(this AbsolutePath path, byte[] bytes)
    {
        path.Parent.CreateDirectory();
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public static AbsolutePath AppendAllText(this AbsolutePath path, string content, Encoding encoding = null)
    {
        path.Parent.CreateDirectory();
        File.AppendAllText(path, content, encoding ?? Utf8);
        return path;
    }

    public static AbsolutePath AppendAllLines(this AbsolutePath path, IEnumerable<string> lines, Encoding encoding = null)
    {
        path.Parent.CreateDirectory();
        File.AppendAllLines(path, lines, encoding ?? Utf8);
        return path;
    }

    public static AbsolutePath UpdateText(this AbsolutePath path, Func<string, string> update, Encoding encoding = null) =>
        path.WriteAllText(update(path.ReadAllText(encoding)), encoding);

    public static AbsolutePath TouchFile(this AbsolutePath path, DateTime? time = null, bool createDirectories = true)
    {
        if (createDirectories)
            path.Parent.CreateDirectory();
        if (!path.FileExists())
            File.WriteAllBytes(path, []);
        File.SetLastWriteTime(path, time ?? DateTime.Now);
        return path;
    }

    public static bool HasExtension(this AbsolutePath path, string extension, params string[] alternativeExtensions) =>
        alternativeExtensions.Prepend(extension).Any(x => path.Name.EndsWith(x, StringComparison.OrdinalIgnoreCase));

    public static AbsolutePath WithExtension(this AbsolutePath path, string extension) => Path.ChangeExtension(path, extension);

    /// <summary>MD5 in hexadecimal, to compare contents by; it proves nothing against somebody who forges them.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "As builds know it.")]
    public static string GetFileHash(this AbsolutePath path) => Convert.ToHexStringLower(MD5.HashData(path.ReadAllBytes()));

    public static T ReadJson<T>(this AbsolutePath path, JsonSerializerOptions options = null) => JsonSerializer.Deserialize<T>(path.ReadAllText(), options);

    public static AbsolutePath WriteJson<T>(this AbsolutePath path, T obj, JsonSerializerOptions options = null) =>
        path.WriteAllText(JsonSerializer.Serialize(obj, options ?? Indented));
}
