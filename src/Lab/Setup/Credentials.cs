using System.Security.Cryptography;
using Lab.Proxmox;

namespace Lab.Setup;

/// <summary>The keys and tokens of a lab, made once and kept until it is taken down.</summary>
internal sealed record Credentials(LabFiles Files, Action<string> Say)
{
    public const string ProxmoxTokenId = "root@pam!runnerbuild";
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public async Task EnsureAsync(CancellationToken cancel)
    {
        Secret(Files.ProxmoxToken, "the Proxmox token", Guid.NewGuid().ToString());
        Secret(Files.GitHubToken, "the GitHub token", "ghp_" + RandomNumberGenerator.GetString(Letters, 36));
        if (!File.Exists(Files.Fingerprint) || !File.Exists(Files.Certificate))
            await WriteCertificateAsync(cancel);
        if (!File.Exists(Files.Key) || !File.Exists(Files.Key + ".pub"))
            await WriteKeyAsync(cancel);
    }

    private void Secret(string file, string name, string value)
    {
        if (File.Exists(file))
            return;
        Say($"credentials: making {name}");
        LabFiles.WriteSecret(file, value + "\n");
    }

    private async Task WriteCertificateAsync(CancellationToken cancel)
    {
        Say("credentials: making the certificate of the Proxmox double");
        using var certificate = ProxmoxCertificate.LoadOrCreate(Files.Certificate);
        await File.WriteAllTextAsync(Files.Fingerprint, ProxmoxCertificate.Fingerprint(certificate) + "\n", cancel);
    }

    private async Task WriteKeyAsync(CancellationToken cancel)
    {
        Say("credentials: making the SSH key");
        File.Delete(Files.Key);
        await new LocalCommand("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "lab", "-f", Files.Key).OutputAsync(cancel);
    }
}
