using System.Collections.Immutable;
using System.Net;

namespace RunnerBuild.Facts;

/// <summary>What stands under a VMID of a Proxmox cluster.</summary>
internal abstract record VirtualMachineFacts
{
    private VirtualMachineFacts() { }

    /// <summary>The VMID is free. What a clone would need was looked up as well.</summary>
    /// <param name="Template">Null: there is no guest under the template's VMID.</param>
    public sealed record Absent(ProxmoxRelease Release, ImmutableArray<NodeState> Nodes, TemplateFacts? Template, ImmutableArray<GuestEntry> Templates)
        : VirtualMachineFacts;

    /// <summary>A clone onto the VMID is under way. Whose it is shows only when it has ended: until then the configuration is a placeholder.</summary>
    /// <param name="Task">UPID of the clone; null when no running task of ours explains the lock.</param>
    public sealed record Cloning(string? Task) : VirtualMachineFacts;

    /// <summary>The VMID is used by something that is no virtual machine on the wanted node.</summary>
    public sealed record Occupied(GuestEntry Guest) : VirtualMachineFacts;

    /// <summary>The VMID is used, and the token may not see by what.</summary>
    public sealed record Hidden : VirtualMachineFacts;

    /// <summary>A virtual machine on the wanted node; whether it is ours is for the plan to say.</summary>
    /// <param name="Config">The configuration with pending changes applied; every value as text, absent keys have Proxmox's default.</param>
    /// <param name="Digest">Goes with the next write, so that a change made in between is noticed.</param>
    /// <param name="Lock">Such as `backup`; null: none.</param>
    /// <param name="Pending">What the running machine has not taken over yet.</param>
    public sealed record Present(
        ProxmoxRelease Release, ImmutableSortedDictionary<string, string> Config, string? Digest, bool Running, string? Lock,
        ImmutableArray<PendingValue> Pending) : VirtualMachineFacts
    {
        /// <summary>Resource pool; null: in none.</summary>
        public string? Pool { get; init; }

        /// <summary>Keys whose values the cloud-init drive of the running machine does not have yet. Addresses are never among them: Proxmox does not tell.</summary>
        public ImmutableArray<string> BehindOnDrive { get; init; } = [];

        /// <summary>What the guest says that the card has which the fleet gives an address; empty: it has none, or nobody answers.</summary>
        public ImmutableArray<IPAddress> Addresses { get; init; } = [];

        /// <summary>Seconds since the last start; with the process id it tells one start from another.</summary>
        public long Uptime { get; init; }

        public long? ProcessId { get; init; }
    }
}

/// <summary>Release of Proxmox VE.</summary>
internal readonly record struct ProxmoxRelease(int Major, int Minor)
{
    public bool KnowsCiUpgrade => Major >= 8;

    /// <summary>A guest can be moved from one pool to another in one call.</summary>
    public bool MovesBetweenPools => Major >= 9 || (Major == 8 && Minor >= 1);

    /// <summary>Images can be downloaded as such and imported by anyone who may write to the storages.</summary>
    public bool ImportsImages => Major >= 9 || (Major == 8 && Minor >= 4);

    public bool HasGuestAgentPrivileges => Major >= 9;

    public bool NeedsSdnUse => Major >= 8;

    public override string ToString() => $"{Major}.{Minor}";
}

/// <summary>A guest as the cluster lists it.</summary>
/// <param name="Kind">`qemu` or `lxc`.</param>
/// <param name="Lock">Such as `clone`; null: none.</param>
internal sealed record GuestEntry(int VmId, string Kind, string Node, string Name, string Tags, bool IsTemplate, string? Lock)
{
    /// <summary>Resource pool; null: in none.</summary>
    public string? Pool { get; init; }

    private string Description => IsTemplate ? "template" : Kind == "lxc" ? "container" : "virtual machine";

    public override string ToString() => $"{Description} `{Name}` on node {Node}, {(Tags.Length == 0 ? "no tags" : $"tags {Tags}")}";
}

/// <param name="Config">As in <see cref="VirtualMachineFacts.Present"/>.</param>
internal sealed record TemplateFacts(GuestEntry Guest, ImmutableSortedDictionary<string, string> Config);

internal sealed record NodeState(string Name, bool Online)
{
    public override string ToString() => Online ? Name : $"{Name} (offline)";
}

/// <param name="Current">What runs; null: unset.</param>
/// <param name="Next">What the next start takes; null: it goes away.</param>
internal sealed record PendingValue(string Key, string? Current, string? Next);
