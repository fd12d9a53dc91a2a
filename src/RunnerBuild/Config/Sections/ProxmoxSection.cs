using System.Collections.Immutable;
using RunnerBuild.Config.Yaml;

namespace RunnerBuild.Config.Sections;

/// <summary>The Proxmox VE cluster that VMs are made on.</summary>
internal static class ProxmoxSection
{
    private const string HowToAsk =
        "ask for it with: openssl s_client -connect HOST:8006 </dev/null | openssl x509 -noout -fingerprint -sha256";

    private static readonly Key<Uri> Url = new(
        "url", "Address of the API, such as https://192.168.1.5:8006",
        Addresses.Server("https://192.168.1.5:8006", "https")
            .Unless(text => text.StartsWith("http://", StringComparison.Ordinal), "Proxmox VE speaks only https")
            .Unless(Addresses.HasPath, "only the server and its port belong here"))
        { Required = true };

    private static readonly Key<string> TokenId = new(
        "id", "User, realm and name of an API token, such as root@pam!runnerbuild",
        Texts.Like("an API token's id, such as root@pam!runnerbuild", @"^[^\s:/@!]+@[A-Za-z][A-Za-z0-9._-]+![A-Za-z][A-Za-z0-9._-]+$"))
        { Required = true };

    private static readonly Key<SecretReference> TokenSecret = new(
        "secret", "The API token's secret, a UUID", SecretSection.Shape) { Required = true };

    private static readonly Key<Settings> Token = new(
        "token", "API token", new Section("proxmoxToken", "An API token of Proxmox VE", TokenId, TokenSecret)) { Required = true };

    private static readonly Key<ImmutableArray<string>> Fingerprints = new(
        "fingerprints", "SHA-256 fingerprints of the certificates that are accepted; one a node when nodes have their own",
        new ListOf<string>(
            Texts.Like($"the SHA-256 fingerprint of a certificate, 32 hexadecimal numbers with colons; {HowToAsk}",
                "^([0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2}$")
                .Unless(Texts.Form("^([0-9A-Fa-f]{2}:){19}[0-9A-Fa-f]{2}$"), $"that is a SHA-1 fingerprint, SHA-256 is needed; {HowToAsk}")
                .As((text, _) => text.ToUpperInvariant()),
            1, 100));

    private static readonly Key<string> FingerprintFile = new(
        "fingerprintFile", "File with one such fingerprint a line, read when connecting", Files.AnyPath);

    public static Shape<ProxmoxEndpoint> Shape { get; } =
        new Section("proxmox", "The Proxmox VE cluster that VMs are made on", Url, Token, Fingerprints,
            FingerprintFile).As<ProxmoxEndpoint>(Endpoint);

    private static bool Endpoint(Settings settings, Place at, out ProxmoxEndpoint endpoint)
    {
        if (!settings.Said.Contains(Fingerprints) && !settings.Said.Contains(FingerprintFile))
            at.Say("should have fingerprints or fingerprintFile, so that the token is given to no one else; " + HowToAsk);

        var token = settings.Get(Token);
        endpoint = new ProxmoxEndpoint(
            settings.Get(Url), token?.Get(TokenId)!, token?.Get(TokenSecret)!,
            settings.Has(Fingerprints) ? settings.Get(Fingerprints) : [], settings.Get(FingerprintFile));
        return true;
    }
}
