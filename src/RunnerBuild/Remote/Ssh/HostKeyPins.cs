using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace RunnerBuild.Remote.Ssh;

/// <summary>
/// The host keys that are trusted: an OpenSSH known_hosts file (plain and hashed names) plus fingerprints named in the fleet.
/// An address without any entry is unknown, and nothing is sent to it.
/// </summary>
internal sealed class HostKeyPins(string file)
{
    private readonly Lock _gate = new();

    public string File { get; } = file;

    /// <summary>The pinned keys of an address, as `type base64` pairs.</summary>
    public IReadOnlyList<HostKey> For(string address, int port) => [.. Keys(line => Read(line, Name(address, port))).Except(RevokedFor(address, port))];

    /// <summary>The keys that an address must never show, whoever else trusts them.</summary>
    public IReadOnlyList<HostKey> RevokedFor(string address, int port) => Keys(line => Revoked(line, Name(address, port)));

    private IReadOnlyList<HostKey> Keys(Func<string, HostKey?> read)
    {
        lock (_gate)
            return System.IO.File.Exists(File) ? [.. System.IO.File.ReadAllLines(File).Select(read).OfType<HostKey>()] : [];
    }

    /// <summary>Replaces whatever was pinned for the address. An empty list forgets it.</summary>
    public void Pin(string address, int port, IEnumerable<HostKey> keys)
    {
        var name = Name(address, port);
        lock (_gate)
        {
            var kept = System.IO.File.Exists(File) ? System.IO.File.ReadAllLines(File).Select(line => Without(line, name)).OfType<string>() : [];
            Directory.CreateDirectory(Path.GetDirectoryName(File)!);
            // People keep such a file elsewhere and link to it; the link stays.
            var target = new FileInfo(File) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : File;
            var draft = $"{target}.new";
            System.IO.File.WriteAllLines(draft, [.. kept, .. keys.Select(key => $"{name} {key}")]);
            System.IO.File.Move(draft, target, overwrite: true);
        }
    }

    public void Forget(string address, int port)
    {
        if (For(address, port).Count > 0)
            Pin(address, port, []);
    }

    private static string Name(string address, int port) => port == 22 ? address : $"[{address}]:{port}";

    /// <summary>The line as it is for the others that it names; null when it names nobody else.</summary>
    private static string? Without(string line, string name)
    {
        if (Read(line, name) is null)
            return line;
        var start = line.Length - line.TrimStart().Length;
        var names = line[start..].Split([' ', '\t'], 2)[0];
        var others = names.Split(',').Where(candidate => !Matches(candidate, name)).ToList();
        return others.Count == 0 ? null : $"{string.Join(',', others)}{line[(start + names.Length)..]}";
    }

    private static HostKey? Revoked(string line, string name) =>
        line.StartsWith("@revoked ", StringComparison.Ordinal) ? Read(line["@revoked ".Length..].TrimStart(), name, any: true) : null;

    /// <param name="any">Whether `*`, as it stands in revocations, is everybody's name.</param>
    private static HostKey? Read(string line, string name, bool any = false) =>
        line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var names, var type, var blob, ..]
            && Base64.IsValid(blob) && !names.StartsWith('#') && !names.StartsWith('@') && names.Split(',').Any(candidate => any && candidate == "*" || Matches(candidate, name))
            ? new HostKey(type, blob)
            : null;

    // Hashed names are |1|base64 salt|base64 HMAC-SHA1(salt, name): sshd(8), SSH_KNOWN_HOSTS FILE FORMAT.
    private static bool Matches(string candidate, string name)
    {
        if (candidate.Split('|') is not ["", "1", var salt, var hash])
            return string.Equals(candidate, name, StringComparison.OrdinalIgnoreCase);
#pragma warning disable CA5350 // The file format is OpenSSH's.
        return Base64.IsValid(salt) && Convert.ToBase64String(HMACSHA1.HashData(Convert.FromBase64String(salt), Encoding.UTF8.GetBytes(name))) == hash;
#pragma warning restore CA5350
    }
}

/// <summary>A public host key as OpenSSH writes it.</summary>
/// <param name="Type">`ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`…</param>
/// <param name="Blob">The key, base64.</param>
internal sealed record HostKey(string Type, string Blob)
{
    /// <summary>`SHA256:` and unpadded base64, as `ssh-keygen -lf` prints it.</summary>
    public string Fingerprint => $"SHA256:{Convert.ToBase64String(SHA256.HashData(Convert.FromBase64String(Blob))).TrimEnd('=')}";

    /// <summary>Reads a line of a `.pub` file; null when it is none.</summary>
    public static HostKey? Parse(string line) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var type, var blob, ..] && blob.StartsWith("AAAA", StringComparison.Ordinal)
            ? new HostKey(type, blob)
            : null;

    public override string ToString() => $"{Type} {Blob}";
}
