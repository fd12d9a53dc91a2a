using System.Collections.Immutable;

namespace Lab.Proxmox;

/// <summary>A guest that exists before the first call.</summary>
/// <param name="Kind">`qemu` or `lxc`; a container is listed and takes its id, no more.</param>
/// <param name="Config">Keys and values as in the guest's configuration file.</param>
internal sealed record GuestSeed(int VmId, string Node, string Kind, ImmutableDictionary<string, string> Config, string? Pool = null)
{
    /// <summary>A template as made from Debian's cloud image: linked clones of it start with 2 cores, 4 GiB and a 3 GiB disk.</summary>
    public static GuestSeed DebianTemplate(int vmId, string node) =>
        new(
            vmId,
            node,
            "qemu",
            new Dictionary<string, string>
            {
                ["agent"] = "enabled=1",
                ["boot"] = "order=scsi0",
                ["cores"] = "2",
                ["cpu"] = "x86-64-v2-AES",
                ["ide2"] = $"local-lvm:vm-{vmId}-cloudinit,media=cdrom,size=4M",
                ["memory"] = "4096",
                ["name"] = "debian-13-template",
                ["net0"] = "virtio=BC:24:11:00:99:99,bridge=vmbr0",
                ["numa"] = "0",
                ["ostype"] = "l26",
                ["scsi0"] = $"local-lvm:base-{vmId}-disk-0,size=3G",
                ["scsihw"] = "virtio-scsi-pci",
                ["serial0"] = "socket",
                ["smbios1"] = "uuid=5c1d7b1e-6a52-4d5e-9a0b-3f0f4c8e9999",
                ["sockets"] = "1",
                ["template"] = "1",
                ["vga"] = "serial0",
            }.ToImmutableDictionary()
        );
}
