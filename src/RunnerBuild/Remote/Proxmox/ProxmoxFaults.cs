namespace RunnerBuild.Remote.Proxmox;

/// <summary>Tells Proxmox's faults apart. The API has no codes for them: status 500 and a sentence is all there is.</summary>
internal static class ProxmoxFaults
{
    private static readonly (string Sentence, ProxmoxFault Fault)[] Sentences =
    [
        // A guest that does not shut down in time: another try would take as long again.
        ("powerdown failed", ProxmoxFault.Other),
        ("checksum mismatch", ProxmoxFault.Stale),
        ("got timeout", ProxmoxFault.Busy),
        ("got lock request timeout", ProxmoxFault.Busy),
        ("hotplug problem", ProxmoxFault.LeftPending),
        ("unable to apply pending change", ProxmoxFault.LeftPending),
        ("VM is locked", ProxmoxFault.Locked),
        ("already running", ProxmoxFault.AlreadyRunning),
        ("QEMU guest agent is not running", ProxmoxFault.AgentSilent),
        ("No QEMU guest agent configured", ProxmoxFault.AgentMissing),
        ("not running", ProxmoxFault.NotRunning),
        ("is running - destroy failed", ProxmoxFault.StillRunning),
        ("protection mode enabled", ProxmoxFault.Protected),
        ("no quorum", ProxmoxFault.NoQuorum),
        ("no such cluster node", ProxmoxFault.NoSuchNode),
        ("hostname lookup", ProxmoxFault.NoSuchNode),
        ("config file already exists", ProxmoxFault.Taken),
        ("failed: File exists", ProxmoxFault.Taken),
        ("unable to find configuration file for VM", ProxmoxFault.NoSuchGuest),
    ];

    public static ProxmoxFault OfStatus(int status, string reason, bool write) => status switch
    {
        401 => ProxmoxFault.Unauthorized,
        403 => ProxmoxFault.Forbidden,
        595 or 596 or 599 => write ? ProxmoxFault.OutcomeUnknown : ProxmoxFault.Unreachable,
        400 when OfSentence(reason) is ProxmoxFault.Other => ProxmoxFault.BadRequest,
        _ => OfSentence(reason),
    };

    public static ProxmoxFault OfSentence(string text)
    {
        if (text.Contains("Configuration file", StringComparison.Ordinal) && text.Contains("does not exist", StringComparison.Ordinal))
            return ProxmoxFault.NoSuchGuest;
        return Sentences.FirstOrDefault(known => text.Contains(known.Sentence, StringComparison.Ordinal)).Fault;
    }
}
