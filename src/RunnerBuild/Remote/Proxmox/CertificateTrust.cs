using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RunnerBuild.Config;

namespace RunnerBuild.Remote.Proxmox;

/// <summary>
/// Accepts a server when the SHA-256 of its certificate is on the list, whatever its name and issuer, or when the cluster's own authority signed
/// it for the very address. There is no third way.
/// </summary>
internal sealed class CertificateTrust(ProxmoxEndpoint endpoint)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly Lazy<ImmutableArray<string>> _pins = new(() => Read(endpoint));
    private readonly Lazy<X509Certificate2Collection> _authorities = new(() => Authorities(endpoint.CaFile));

    /// <summary>The fingerprint that was turned away last; null: none was.</summary>
    public string? Rejected { get; private set; }

    /// <summary>Upper-case hex with colons.</summary>
    public ImmutableArray<string> Pins => _pins.Value;

    /// <summary>Reads the files; inside a handshake one that cannot be read would look like a broken connection.</summary>
    public void Load() => _ = (_pins.Value, _authorities.Value);

    public bool Accept(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
            return false;
        var seen = WithColons(certificate.GetCertHashString(HashAlgorithmName.SHA256));
        if (Pins.Contains(seen, StringComparer.Ordinal))
            return true;
        if (!errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) && IsSigned(certificate, chain))
            return true;
        Rejected = seen;
        return false;
    }

    private bool IsSigned(X509Certificate certificate, X509Chain? shown)
    {
        if (_authorities.Value.Count == 0)
            return false;
        using var leaf = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities.Value);
        // Nobody publishes what a homelab's authority revoked.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        foreach (var element in shown?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        return chain.Build(leaf);
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

    private static X509Certificate2Collection Authorities(string? file)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            if (file is not null)
                authorities.ImportFromPemFile(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ConfigurationException($"Could not read the authority of Proxmox's certificates from {file}.", unreadable.Message,
                "Correct `caFile` of the fleet's Proxmox; it is /etc/pve/pve-root-ca.pem of a node.");
        }

        return file is null || authorities.Count > 0
            ? authorities
            : throw new ConfigurationException($"There is no certificate in {file}.", "It should be PEM.", "Correct `caFile` of the fleet's Proxmox; it is /etc/pve/pve-root-ca.pem of a node.");
    }

    private static string Normal(string pin) => WithColons(string.Concat(pin.ToUpperInvariant().Where(char.IsAsciiHexDigit)));

    private static string WithColons(string hex) => string.Join(':', hex.Chunk(2).Select(pair => new string(pair)));
}
