using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RunnerBuild.Config;

namespace RunnerBuild.Remote.Proxmox;

/// <summary>Accepts a server only when the SHA-256 of its certificate is on the list. Names and issuers do not count: Proxmox signs its own.</summary>
internal sealed class CertificatePins(ProxmoxEndpoint endpoint)
{
    private readonly Lazy<ImmutableArray<string>> _pins = new(() => Read(endpoint));

    /// <summary>The fingerprint that was turned away last; null: none was.</summary>
    public string? Rejected { get; private set; }

    /// <summary>Upper-case hex with colons.</summary>
    public ImmutableArray<string> Pins => _pins.Value;

    /// <summary>Reads the list; inside a handshake a file that cannot be read would look like a broken connection.</summary>
    public void Load() => _ = _pins.Value;

    public bool Accept(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
            return false;
        var seen = WithColons(certificate.GetCertHashString(HashAlgorithmName.SHA256));
        if (Pins.Contains(seen, StringComparer.Ordinal))
            return true;
        Rejected = seen;
        return false;
    }

    private static ImmutableArray<string> Read(ProxmoxEndpoint endpoint) =>
        [.. endpoint.Fingerprints.Concat(FromFile(endpoint.FingerprintFile)).Select(Normal).Where(pin => pin.Length > 0).Distinct()];

    private static IEnumerable<string> FromFile(string? file)
    {
        if (file is null)
            return [];
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"Could not read the fingerprints of Proxmox from {file}.", unreadable.Message,
                "Correct `fingerprintFile` of the fleet's Proxmox, or name `fingerprints` instead.");
        }
    }

    private static string Normal(string pin) => WithColons(string.Concat(pin.ToUpperInvariant().Where(char.IsAsciiHexDigit)));

    private static string WithColons(string hex) => string.Join(':', hex.Chunk(2).Select(pair => new string(pair)));
}
