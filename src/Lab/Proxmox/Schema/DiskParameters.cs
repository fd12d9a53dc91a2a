using System.Collections.Immutable;
using static Lab.Proxmox.Schema.Parameter;

namespace Lab.Proxmox.Schema;

/// <summary>The disks of a virtual machine, and what can be said of each.</summary>
internal static class DiskParameters
{
    private static readonly string[] Limits = ["iops", "iops_rd", "iops_wr"];
    private static readonly string[] Bytes = ["bps", "bps_rd", "bps_wr"];
    private static readonly string[] Directions = ["bps_rd", "bps_wr", "iops_rd", "iops_wr"];
    private static readonly string[] Rates = ["mbps", "mbps_max", "mbps_rd", "mbps_rd_max", "mbps_wr", "mbps_wr_max"];

    public static ImmutableArray<Parameter> For(ProxmoxVersion version) =>
    [
        PropertyString(
                "scsi[n]",
                [
                    .. Common(version),
                    Flag("iothread").Optional(),
                    Integer("queues", 2).Optional(),
                    Flag("ro").Optional(),
                    Flag("scsiblock").Optional(),
                    Flag("ssd").Optional(),
                    Wwn,
                    .. version.Major >= 8 ? [Inquiry("product", 16), Inquiry("vendor", 8)] : Array.Empty<Parameter>(),
                ]
            )
            .Indexed(31),
        PropertyString("virtio[n]", [.. Common(version), Flag("iothread").Optional(), Flag("ro").Optional()]).Indexed(16),
        PropertyString("ide[n]", [.. Common(version), Text("model", "urlencoded").AtMost(120).Optional(), Flag("ssd").Optional(), Wwn]).Indexed(4),
        PropertyString("sata[n]", [.. Common(version), Flag("ssd").Optional(), Wwn]).Indexed(6),
        PropertyString(
            "efidisk0",
            [
                File,
                Alias("volume", "file"),
                Image(version),
                Source,
                Choice("efitype", "2m", "4m").Optional(),
                Flag("pre-enrolled-keys").Optional(),
                Text("size", "disk-size").Optional(),
                .. version.Major >= 9 ? [Choice("ms-cert", "2011", "2023", "2023w", "2023k").Optional()] : Array.Empty<Parameter>(),
            ]
        ),
        PropertyString("unused[n]", File, Alias("volume", "file")).Indexed(256),
    ];

    private static Parameter File => Text("file", "pve-volume").DefaultKey();

    private static Parameter Source => Text("import-from", "pve-volume-or-path").Optional();

    private static Parameter Wwn => Text("wwn").Matching("0x[0-9a-fA-F]{16}").Optional();

    private static Parameter Inquiry(string key, int length) => Text(key).Matching($@"[A-Za-z0-9\-_\s]{{0,{length}}}").Optional();

    private static Parameter Image(ProxmoxVersion version) =>
        Choice("format", version.Major >= 8 ? ["raw", "qcow", "qed", "qcow2", "vmdk", "cloop"] : ["raw", "cow", "qcow", "qed", "qcow2", "vmdk", "cloop"]).Optional();

    private static IEnumerable<Parameter> Common(ProxmoxVersion version) =>
    [
        File,
        Alias("volume", "file"),
        Source,
        Image(version),
        Text("size", "disk-size").Optional(),
        Choice("aio", "native", "threads", "io_uring").Optional(),
        Flag("backup").Optional(),
        Choice("cache", "none", "writethrough", "writeback", "unsafe", "directsync").Optional(),
        Flag("detect_zeroes").Optional(),
        Choice("discard", "ignore", "on").Optional(),
        Choice("media", "cdrom", "disk").Optional(),
        Flag("replicate").Optional(),
        Choice("rerror", "ignore", "report", "stop").Optional(),
        Choice("werror", "enospc", "ignore", "report", "stop").Optional(),
        Text("serial", "urlencoded").AtMost(60).Optional(),
        Flag("shared").Optional(),
        Flag("snapshot").Optional(),
        .. Throttles,
        .. version.Major >= 9 ? [] : Geometry,
    ];

    private static IEnumerable<Parameter> Throttles =>
    [
        .. Bytes.SelectMany(key => new[] { Integer(key).Optional(), Integer($"{key}_max_length", 1).Optional() }),
        .. Limits.SelectMany(key => new[] { Integer(key).Optional(), Integer($"{key}_max").Optional(), Integer($"{key}_max_length", 1).Optional() }),
        .. Directions.Select(key => Alias($"{key}_length", $"{key}_max_length")),
        .. Rates.Select(key => Number(key).Optional()),
    ];

    private static IEnumerable<Parameter> Geometry =>
        [Integer("cyls").Optional(), Integer("heads").Optional(), Integer("secs").Optional(), Choice("trans", "none", "lba", "auto").Optional()];

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
