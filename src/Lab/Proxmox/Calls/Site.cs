using Lab.Proxmox.Access;
using Lab.Proxmox.Faults;
using Lab.Proxmox.Schema;
using Lab.Proxmox.State;

namespace Lab.Proxmox.Calls;

/// <summary>What the calls work on.</summary>
internal sealed record Site(
    ProxmoxOptions Options,
    ProxmoxVersion Version,
    Cluster Cluster,
    AccessRules Access,
    Workers Workers,
    IVirtualMachines Machines,
    FaultSwitch Faults,
    TimeProvider Time
)
{
    public static Parameter NodeParameter => Parameter.Text("node", "pve-node");

    public Parameter VmIdParameter(string name = "vmid") =>
        Parameter.Integer(name, Version.LowestVmId, 999999999) with
        {
            Format = "pve-vmid",
        };

    /// <summary>The parameters of a call on a virtual machine: node, vmid and these.</summary>
    public IEnumerable<Parameter> OnMachine(params IEnumerable<Parameter> more) => [NodeParameter, VmIdParameter(), .. more];

    public Task<bool> IsRunningAsync(Guest guest, CancellationToken cancel) =>
        Cluster.Read(_ => guest is { Kind: "qemu", IsTemplate: false })
            ? Machines.IsRunningAsync(guest.VmId, cancel)
            : Task.FromResult(false);
}
