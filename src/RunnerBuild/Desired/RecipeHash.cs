using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RunnerBuild.Desired;

/// <summary>
/// The name of all inputs of an image. Each part goes in with its length before it, so that no two different inputs are the same bytes;
/// nothing of the machine does: no folder, no separator, no time, no mode (a file's mode in the image follows from its content).
/// </summary>
internal static class RecipeHash
{
    private const int Digits = 12;

    /// <param name="files">In order.</param>
    public static string Of(IEnumerable<(string Path, byte[] Content)> files, ImmutableSortedDictionary<string, string> arguments)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, content) in files)
            Append(hash, "file", Encoding.UTF8.GetBytes(path), content);
        foreach (var (name, value) in arguments.OrderBy(argument => argument.Key, StringComparer.Ordinal))
            Append(hash, "argument", Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..Digits];
    }

    private static void Append(IncrementalHash hash, string kind, byte[] name, byte[] content)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{kind} {name.Length} {content.Length}\n")));
        hash.AppendData(name);
        hash.AppendData(content);
    }
}
