using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Lab.Proxmox;

/// <summary>The double's own certificate, kept in a PKCS #12 file so that a pinned fingerprint stays right between starts.</summary>
internal static class ProxmoxCertificate
{
    public static X509Certificate2 LoadOrCreate(string file)
    {
        if (!File.Exists(file))
            Write(file);
        return X509CertificateLoader.LoadPkcs12FromFile(file, password: null);
    }

    public static X509Certificate2 Create()
    {
        using var created = SelfSigned();
        return X509CertificateLoader.LoadPkcs12(created.Export(X509ContentType.Pkcs12), password: null);
    }

    /// <summary>SHA-256 of the certificate, upper-case hex with colons, as `pvenode cert info` prints it.</summary>
    public static string Fingerprint(X509Certificate2 certificate) =>
        string.Join(':', Convert.ToHexString(SHA256.HashData(certificate.RawData)).Chunk(2).Select(pair => new string(pair)));

    private static void Write(string file)
    {
        using var created = SelfSigned();
        using var stream = PrivateFile.Create(file, FileMode.CreateNew);
        stream.Write(created.Export(X509ContentType.Pkcs12));
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(
            "CN=pve.lab, OU=PVE Cluster Node, O=Proxmox Virtual Environment",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(2));
    }
}
