using System.Net.Sockets;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Messages.Transport;
using RunnerBuild.Config;

namespace RunnerBuild.Remote.Ssh;

/// <summary>Opens a connection to a machine whose host key is trusted, and to no other.</summary>
internal static class SshConnection
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(15);

    /// <param name="accepted">A fingerprint that the user accepts for this run; it is pinned once the machine proved to have it.</param>
    public static async Task<SshMachine> OpenAsync(SshAccess access, Secret? passphrase, HostKeyPins pins, string? accepted, CancellationToken cancel)
    {
        var trusted = new TrustedKeys(access, pins.For(access.Address, access.Port), accepted) { Revoked = pins.RevokedFor(access.Address, access.Port) };
        trusted.RequireAny(pins.File);
        var key = PrivateKey(access, passphrase);
        HostKey? refused = null;
        foreach (var types in trusted.TypesToAskFor())
        {
            var (client, seen) = await TryAsync(access, key, types, trusted, cancel);
            if (client is null)
            {
                refused ??= seen;
                continue;
            }

            if (seen is not null && seen.Fingerprint == accepted)
                pins.Pin(access.Address, access.Port, [seen]);
            return new SshMachine(client, access);
        }

        throw trusted.Mismatch(refused, pins.File);
    }

    /// <summary>Null for the client when the server showed a key that is not trusted, or has none of these types.</summary>
    private static async Task<(SshClient? Client, HostKey? Seen)> TryAsync(
        SshAccess access, PrivateKeyFile key, IReadOnlySet<string> types, TrustedKeys trusted, CancellationToken cancel)
    {
        var client = new SshClient(new ConnectionInfo(
            access.Address, access.Port, access.User, new PrivateKeyAuthenticationMethod(access.User, key)) { Timeout = ConnectLimit });
        // So that a machine that vanished is noticed within a minute or so.
        client.KeepAliveInterval = TimeSpan.FromSeconds(15);
        AskOnlyFor(client.ConnectionInfo, types);
        HostKey? seen = null;
        client.HostKeyReceived += (_, e) =>
        {
            seen = new HostKey(KeyType(e.HostKeyName), Convert.ToBase64String(e.HostKey));
            e.CanTrust = trusted.Includes(seen);
        };
        try
        {
            await client.ConnectAsync(cancel);
            return (client, seen);
        }
        catch (Exception fault) when (fault is SshException or SocketException or IOException)
        {
            client.Dispose();
            if (seen is not null && !trusted.Includes(seen))
                return (null, seen);
            if (fault is SshConnectionException { DisconnectReason: DisconnectReason.KeyExchangeFailed })
                return (null, null);
            throw Unreachable(access, fault);
        }
    }

    private static void AskOnlyFor(ConnectionInfo connection, IReadOnlySet<string> types)
    {
        foreach (var name in connection.HostKeyAlgorithms.Keys.Where(name => !types.Contains(KeyType(name))).ToList())
            connection.HostKeyAlgorithms.Remove(name);
    }

    // An RSA key is offered under the names of its signature algorithms.
    private static string KeyType(string algorithm) => algorithm is "rsa-sha2-256" or "rsa-sha2-512" ? "ssh-rsa" : algorithm;

    private static PrivateKeyFile PrivateKey(SshAccess access, Secret? passphrase)
    {
        try
        {
            return passphrase is null ? new PrivateKeyFile(access.Key) : new PrivateKeyFile(access.Key, passphrase.Reveal());
        }
        catch (SshPassPhraseNullOrEmptyException)
        {
            throw new ConfigurationException(
                $"The SSH key {access.Key} has a passphrase.", "The fleet names none.", "Set ssh.passphrase to `env: NAME`, `file: PATH` or `command: LINE`.");
        }
        catch (Exception fault) when (fault is SshException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new ConfigurationException($"The SSH key {access.Key} cannot be read.", fault.Message, "Set ssh.key to a private key in OpenSSH or PEM format.");
        }
    }

    private static HostUnreachableException Unreachable(SshAccess access, Exception fault) => fault switch
    {
        SshAuthenticationException => new(
            $"{access.Address} does not let {access.User} in with the key {access.Key}.",
            fault.Message,
            $"Put the key's public half into ~{access.User}/.ssh/authorized_keys there, or set ssh.user and ssh.key.", access.ForPeople),
        _ => new(
            $"{access.Address} does not answer SSH on port {access.Port}.",
            fault.Message,
            $"Check that the machine runs and that `ssh -p {access.Port} {access.User}@{access.Address}` works from here; then run the same target again.", access.ForPeople),
    };
}
