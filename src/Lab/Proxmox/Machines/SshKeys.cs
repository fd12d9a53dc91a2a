using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;

namespace Lab.Proxmox.Machines;

/// <summary>The `sshkeys` value: public keys, one a line, percent-encoded.</summary>
internal static partial class SshKeys
{
    public static IReadOnlyList<string> Decode(string encoded) =>
        [.. Uri.UnescapeDataString(encoded).Split('\n').Select(line => line.TrimEnd('\r')).Where(line => !string.IsNullOrWhiteSpace(line))];

    /// <summary>Whether every line is a public key whose content has the type that the line names.</summary>
    public static bool AreValid(string encoded) => Decode(encoded).All(IsKey);

    private static bool IsKey(string line)
    {
        var match = KeyLine().Match(line);
        var blob = new byte[match.Groups["blob"].Length];
        if (!match.Success || !Convert.TryFromBase64String(match.Groups["blob"].Value, blob, out var length) || length < 8)
            return false;
        var nameLength = BinaryPrimitives.ReadUInt32BigEndian(blob);
        return nameLength <= length - 8 && Encoding.ASCII.GetString(blob, 4, (int)nameLength) == match.Groups["type"].Value;
    }

    [GeneratedRegex(@"(?:^|\s)(?<type>(ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+)\s+(?<blob>[A-Za-z0-9+/]+={0,2})(?:\s|$)")]
    private static partial Regex KeyLine();
}
