using Lab.Proxmox.Access;
using Lab.Proxmox.Wire;

namespace Lab.Proxmox.State;

/// <summary>The state as it is in the file.</summary>
internal sealed class ClusterContent
{
    public List<Guest> Guests { get; init; } = [];

    /// <summary>Volumes that belong to no guest, such as downloaded images.</summary>
    public List<string> Volumes { get; init; } = [];

    public List<WorkerTask> Tasks { get; init; } = [];

    public List<AclEntry> Acl { get; set; } = [];

    public int NextPid { get; set; } = 4711;

    public static ClusterContent From(ProxmoxOptions options) =>
        new()
        {
            Acl = [.. options.Acl],
            Guests =
            [
                .. options.Guests.Select(seed => new Guest
                {
                    VmId = seed.VmId,
                    Node = seed.Node,
                    Kind = seed.Kind,
                    Pool = seed.Pool,
                    Config = new(seed.Config.ToDictionary(), StringComparer.Ordinal),
                }),
            ],
        };

    /// <summary>The guest on that node, or the error that its missing configuration file is.</summary>
    public Guest Machine(string node, int vmId) =>
        FindMachine(node, vmId) ?? throw ApiException.Internal($"Configuration file 'nodes/{node}/qemu-server/{vmId}.conf' does not exist");

    public Guest? FindMachine(string node, int vmId) =>
        Guests.Find(guest => guest.VmId == vmId && guest.Node == node && guest.Kind == "qemu");

    public Guest UnlockedMachine(string node, int vmId)
    {
        var machine = Machine(node, vmId);
        return machine.Lock is { } held ? throw ApiException.Internal($"VM is locked ({held})") : machine;
    }
}
