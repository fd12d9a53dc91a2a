using RunnerBuild.Config;

namespace RunnerBuild.Remote.Ssh;

/// <summary>Which host keys count for one address, and what to say when none or another one turns up.</summary>
internal sealed class TrustedKeys(SshAccess access, IReadOnlyList<HostKey> pinned, string? accepted)
{
    /// <summary>Never trusted, whatever else names them.</summary>
    public IReadOnlyList<HostKey> Revoked { get; init; } = [];

    public bool Includes(HostKey seen) =>
        !Revoked.Contains(seen) && (seen.Fingerprint == accepted || pinned.Contains(seen) || access.HostKeys.Contains(seen.Fingerprint));

    public void RequireAny(string file)
    {
        if (Pinned || accepted is not null)
            return;
        throw new RunnerBuildException(
            $"The host key of {access.Address} is not known.",
            $"It is neither in {file} nor named in the fleet, and no guest agent told it. An unchecked key is never taken.",
            $"Read it on the machine's console with `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` and add `--accept-host-key SHA256:…`, or set ssh.hostKeys.");
    }

    /// <summary>
    /// The key types to ask for, in the order to try: a server has several keys and shows the one of the first type it has in common.
    /// A fingerprint does not tell its key's type, so each type is asked for in turn.
    /// </summary>
    public IEnumerable<IReadOnlySet<string>> TypesToAskFor()
    {
        if (pinned.Count > 0)
            yield return pinned.Select(key => key.Type).ToHashSet(StringComparer.Ordinal);
        if (accepted is null && access.HostKeys.IsEmpty)
            yield break;
        yield return new HashSet<string>(["ssh-ed25519"]);
        yield return new HashSet<string>(["ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"]);
        yield return new HashSet<string>(["ssh-rsa"]);
    }

    public RunnerBuildException Mismatch(HostKey? seen, string file) => seen is not null && Revoked.Contains(seen) ? new(
        $"The host key of {access.Address} is revoked.", $"{file} has {seen.Fingerprint} in a line that begins with @revoked.",
        "Give the machine new keys (`rm /etc/ssh/ssh_host_*; ssh-keygen -A; systemctl restart ssh` on its console) and pin those; somebody else may have the old ones.") : new(
        $"The host key of {access.Address} is not the pinned one.",
        $"Pinned: {string.Join(", ", pinned.Select(key => key.Fingerprint).Concat(access.HostKeys).DefaultIfEmpty(accepted ?? "none"))}. Seen: {seen?.Fingerprint ?? "no key of a known type"}.",
        $"If the machine was rebuilt, compare with `ssh-keygen -lf /etc/ssh/ssh_host_*_key.pub` on its console and run again with `--accept-host-key {seen?.Fingerprint}`, which pins it in {file}. Otherwise somebody may be in between.");

    private bool Pinned => pinned.Count > 0 || !access.HostKeys.IsEmpty;
}
