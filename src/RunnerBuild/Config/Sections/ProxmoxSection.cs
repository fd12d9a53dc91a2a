using System.Collections.Immutable;
using RunnerBuild.Config.Yaml;

namespace RunnerBuild.Config.Sections;

/// <summary>A Proxmox VE cluster that VMs are made on.</summary>
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
        "token", "API token", new Section("proxmoxToken", "An API token of Proxmox VE", TokenId, TokenSecret));

    private static readonly Key<string> UserName = new(
        "name", "User and realm, such as root@pam",
        Texts.Like("a user with its realm, such as root@pam", @"^[^\s:/@!]+@[A-Za-z][A-Za-z0-9._-]+$")) { Required = true };

    private static readonly Key<SecretReference> Password = new("password", "The user's password", SecretSection.Shape) { Required = true };

    private static readonly Key<Settings> User = new(
        "user", "User with a password, where no API token can be had", new Section("proxmoxUser", "A user of Proxmox VE", UserName, Password));

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

    private static readonly Key<string> CaFile = new(
        "caFile", "PEM file of the cluster's own authority, /etc/pve/pve-root-ca.pem on a node; what it signed for the address is accepted", Files.AnyPath);

    private static readonly Key<Settings> Template = new(
        "templateImage", "The template that CreateTemplate makes on this cluster", TemplateSection.Section);

    public static Shape<ProxmoxEndpoint> Shape { get; } =
        new Section("proxmox", "A Proxmox VE cluster that VMs are made on", Url, Token, User, Fingerprints, FingerprintFile, CaFile, Template)
            .As<ProxmoxEndpoint>(Endpoint);

    private static bool Endpoint(Settings settings, Place at, out ProxmoxEndpoint endpoint)
    {
        if (!settings.Said.Intersect([Fingerprints, FingerprintFile, CaFile]).Any())
            at.Say("should have fingerprints, fingerprintFile or caFile, so that the token is given to no one else; " + HowToAsk);
        if (settings.Said.Contains(Token) == settings.Said.Contains(User))
            at.Say("should have a token, or a user with a password, and not both");

        endpoint = new ProxmoxEndpoint(
            settings.Get(Url), Login(settings), settings.Has(Fingerprints) ? settings.Get(Fingerprints) : [], settings.Get(FingerprintFile))
        {
            CaFile = settings.Get(CaFile),
            Template = settings.Find(Template) is { } template ? TemplateSection.Spec(template) : null,
        };
        return true;
    }

    private static ProxmoxLogin Login(Settings settings) => settings.Find(Token) is { } token
        ? new ProxmoxLogin.Token(token.Get(TokenId), token.Get(TokenSecret))
        : new ProxmoxLogin.Password(settings.Find(User)?.Get(UserName)!, settings.Find(User)?.Get(Password)!);
}
