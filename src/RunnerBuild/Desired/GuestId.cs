namespace RunnerBuild.Desired;

/// <summary>A virtual machine's place in a Proxmox cluster. VMIDs are unique in the whole cluster, but every call names the node too.</summary>
internal sealed record GuestId(string Node, int VmId)
{
    /// <summary>Path of the machine in the API, escaped.</summary>
    public string Path => $"/nodes/{Uri.EscapeDataString(Node)}/qemu/{VmId}";

    public override string ToString() => $"VM {VmId} on {Node}";
}
