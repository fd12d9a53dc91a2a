using System.Collections.Immutable;
using static Lab.Proxmox.Schema.Parameter;

namespace Lab.Proxmox.Schema;

/// <summary>The disks of a virtual machine, and what can be said of each.</summary>
internal static class DiskParameters
{
    private static readonly ImmutableArray<Parameter> Common =
    [
        Text("file", "pve-volume").DefaultKey(),
        Text("size", "disk-size").Optional(),
        Choice("aio", "native", "threads", "io_uring").Optional(),
        Flag("backup").Optional(),
        Choice("cache", "none", "writethrough", "writeback", "unsafe", "directsync").Optional(),
        Flag("detect_zeroes").Optional(),
        Choice("discard", "ignore", "on").Optional(),
        Choice("format", "raw", "qcow", "qed", "qcow2", "vmdk", "cloop").Optional(),
        Text("import-from", "pve-volume-or-path").Optional(),
        Choice("media", "cdrom", "disk").Optional(),
        Flag("replicate").Optional(),
        Choice("rerror", "ignore", "report", "stop").Optional(),
        Choice("werror", "enospc", "ignore", "report", "stop").Optional(),
        Text("serial", "urlencoded").AtMost(60).Optional(),
        Flag("shared").Optional(),
        Flag("snapshot").Optional(),
        .. new[] { "iops", "iops_max", "iops_rd", "iops_rd_max", "iops_wr", "iops_wr_max" }.Select(key => Integer(key).Optional()),
        .. new[] { "mbps", "mbps_max", "mbps_rd", "mbps_rd_max", "mbps_wr", "mbps_wr_max" }.Select(key => Number(key).Optional()),
    ];

    public static readonly ImmutableArray<Parameter> All =
    [
        PropertyString(
                "scsi[n]",
                [.. Common, Flag("iothread").Optional(), Integer("queues", 2).Optional(), Flag("ro").Optional(), Flag("ssd").Optional()]
            )
            .Indexed(31),
        PropertyString("virtio[n]", [.. Common, Flag("iothread").Optional(), Flag("ro").Optional()]).Indexed(16),
        PropertyString("ide[n]", [.. Common, Flag("ssd").Optional()]).Indexed(4),
        PropertyString("sata[n]", [.. Common, Flag("ssd").Optional()]).Indexed(6),
        PropertyString(
            "efidisk0",
            Text("file", "pve-volume").DefaultKey(),
            Choice("efitype", "2m", "4m").Optional(),
            Flag("pre-enrolled-keys").Optional(),
            Text("size", "disk-size").Optional()
        ),
        PropertyString("unused[n]", Text("file", "pve-volume").DefaultKey()).Indexed(256),
    ];

    /// <summary>Every name that `resize` takes, in the server's order.</summary>
    public static readonly ImmutableArray<string> Names =
    [
        .. Family("ide", 4),
        .. Family("scsi", 31),
        .. Family("virtio", 16),
        .. Family("sata", 6),
        "efidisk0",
        "tpmstate0",
    ];

    public static bool IsDisk(string key) => Names.Contains(key);

    private static IEnumerable<string> Family(string name, int count) => Enumerable.Range(0, count).Select(index => $"{name}{index}");
}
