using System.Collections.Immutable;

namespace Lab.Proxmox.Schema;

/// <summary>Network cards that a guest can have. In `net0` a model can stand as the key of its MAC address.</summary>
internal static class NetworkModels
{
    public static readonly ImmutableArray<string> All =
    [
        "virtio",
        "e1000",
        "e1000-82540em",
        "e1000-82544gc",
        "e1000-82545em",
        "e1000e",
        "i82551",
        "i82557b",
        "i82559er",
        "ne2k_isa",
        "ne2k_pci",
        "pcnet",
        "rtl8139",
        "vmxnet3",
    ];
}
