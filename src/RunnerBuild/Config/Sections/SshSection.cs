using System.Collections.Immutable;
using RunnerBuild.Config.Yaml;

namespace RunnerBuild.Config.Sections;

/// <summary>How to log in to a host.</summary>
internal static class SshSection
{
    private static readonly Key<string> User = new(
        "user", "Login user: root, or one that may use sudo without a password",
        Texts.Like("a user name of a Linux machine", "^[a-z_][a-z0-9_-]{0,31}$")) { Default = "debian" };

    private static readonly Key<int> Port = new("port", "Port of the SSH server", Addresses.Port) { Default = "22" };

    private static readonly Key<string> PrivateKey = new(
        "key", "Private key file to log in with; relative to the fleet file", Files.AnyPath) { Default = "~/.ssh/id_ed25519" };

    private static readonly Key<SecretReference> Passphrase = new(
        "passphrase", "Passphrase of the private key", SecretSection.Shape) { Clearable = true };

    private static readonly Key<ImmutableArray<string>> HostKeys = new(
        "hostKeys", "Fingerprints of the host keys that are accepted, as ssh-keygen -lf prints them",
        new ListOf<string>(
            Texts.Like("a host key's fingerprint, such as SHA256: and 43 letters; ssh-keygen -lf FILE prints it",
            "^SHA256:[A-Za-z0-9+/]{43}$"), 0, 10))
    { Default = "[]" };

    public static Section Section { get; } = new("ssh", "How to log in to a host", User, Port, PrivateKey, Passphrase, HostKeys);

    public static SshAccess Access(Settings ssh, string address) => new(
        address, ssh.Get(Port), ssh.Get(User), ssh.Get(PrivateKey), ssh.Get(Passphrase), ssh.Get(HostKeys));
}
