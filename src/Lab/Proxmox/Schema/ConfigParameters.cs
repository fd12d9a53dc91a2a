using System.Collections.Immutable;
using static Lab.Proxmox.Schema.Parameter;

namespace Lab.Proxmox.Schema;

/// <summary>The keys of a virtual machine's configuration.</summary>
internal static class ConfigParameters
{
    private const string Uuid = "[a-fA-F0-9]{8}(-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}";

    private static readonly string[] Displays =
        ["cirrus", "qxl", "qxl2", "qxl3", "qxl4", "none", "serial0", "serial1", "serial2", "serial3", "std", "virtio", "virtio-gl", "vmware"];

    private static readonly string[] CustomParts = ["meta", "network", "user", "vendor"];

    public static ParameterTable For(ProxmoxVersion version) => new([.. Keys(version)]);

    public static IEnumerable<Parameter> Keys(ProxmoxVersion version) =>
        Hardware(version).Concat(Options()).Concat(CloudInit(version)).Concat(DiskParameters.For(version)).Select(key => key.Optional());

    public static Parameter Network =>
        PropertyString(
                "net[n]",
                Choice("model", [.. NetworkModels.All]).DefaultKey(),
                Text("macaddr", "mac-addr").Optional(),
                Text("bridge", "pve-bridge-id").Optional(),
                Flag("firewall").Optional(),
                Flag("link_down").Optional(),
                Integer("mtu", 1, 65520).Optional(),
                Integer("queues", 0, 64).Optional(),
                Number("rate", 0).Optional(),
                Integer("tag", 1, 4094).Optional(),
                Text("trunks").Matching(@"\d+(-\d+)?(;\d+(-\d+)?)*").Optional()
            )
            .Indexed(32);

    public static Parameter IpConfig =>
        PropertyString(
                "ipconfig[n]",
                Text("ip", "pve-ipv4-config").Optional(),
                Text("gw", "ipv4").Optional() with
                {
                    Requires = "ip",
                },
                Text("ip6", "pve-ipv6-config").Optional(),
                Text("gw6", "ipv6").Optional() with
                {
                    Requires = "ip6",
                }
            )
            .Indexed(32);

    private static ImmutableArray<Parameter> Hardware(ProxmoxVersion version) =>
        [
            Flag("acpi"),
            Agent(version),
            Text("args"),
            Integer("balloon", 0),
            Choice("bios", "seabios", "ovmf"),
            Integer("cores", 1),
            PropertyString(
                "cpu",
                Text("cputype").Optional().DefaultKey(),
                Text("flags").Optional(),
                Flag("hidden").Optional(),
                Text("hv-vendor-id").Optional(),
                Text("phys-bits").Optional(),
                Text("reported-model").Optional()
            ),
            Number("cpulimit", 0, 128),
            Integer("cpuunits", 1, 262144),
            Flag("kvm"),
            Text("machine").AtMost(120),
            Memory(version),
            Network,
            Flag("numa"),
            Text("rng0"),
            Choice("scsihw", "lsi", "lsi53c810", "virtio-scsi-pci", "virtio-scsi-single", "megasas", "pvscsi"),
            Text("serial[n]").Matching("/dev/.+|socket").Indexed(4),
            PropertyString(
                    "smbios1",
                    Text("uuid").Matching(Uuid).Optional(),
                    Flag("base64").Optional(),
                    Text("family").Optional(),
                    Text("manufacturer").Optional(),
                    Text("product").Optional(),
                    Text("serial").Optional(),
                    Text("sku").Optional(),
                    Text("version").Optional()
                )
                .AtMost(512),
            Integer("sockets", 1),
            Flag("tablet"),
            Integer("vcpus", 1),
            PropertyString(
                "vga",
                [
                    Choice("type", Displays).Optional().DefaultKey(),
                    Integer("memory", 4, 512).Optional(),
                    .. version.Major >= 8 ? [Choice("clipboard", "vnc").Optional()] : Array.Empty<Parameter>(),
                ]
            ),
            Text("vmgenid").Matching($"{Uuid}|[01]"),
        ];

    private static ImmutableArray<Parameter> Options() =>
        [
            Flag("autostart"),
            PropertyString(
                "boot",
                Text("legacy").Matching("[acdn]{1,4}").Optional().DefaultKey(),
                Text("order", "pve-qm-bootdev-list").Optional()
            ),
            Text("description").AtMost(8192),
            Flag("freeze"),
            Text("hookscript"),
            Text("hotplug", "pve-hotplug-features"),
            Flag("localtime"),
            Choice("lock", "backup", "clone", "create", "migrate", "rollback", "snapshot", "snapshot-delete", "suspending", "suspended"),
            Text("name", "dns-name"),
            Flag("onboot"),
            Choice("ostype", "other", "wxp", "w2k", "w2k3", "w2k8", "wvista", "win7", "win8", "win10", "win11", "l24", "l26", "solaris"),
            Flag("protection"),
            Flag("reboot"),
            Integer("shares", 0, 50000),
            Text("startup", "pve-startup-order"),
            Text("tags", "pve-tag-list"),
            Flag("template"),
            Text("vmstatestorage", "pve-storage-id"),
        ];

    private static IEnumerable<Parameter> CloudInit(ProxmoxVersion version)
    {
        yield return PropertyString("cicustom", [.. CustomParts.Select(part => Text(part, "pve-volume").Optional())]);
        yield return Text("cipassword");
        yield return Choice("citype", "configdrive2", "nocloud", "opennebula");
        if (version.HasCiUpgrade)
            yield return Flag("ciupgrade");
        yield return Text("ciuser");
        yield return IpConfig;
        yield return Text("nameserver", "address-list");
        yield return Text("searchdomain");
        yield return Text("sshkeys", "urlencoded");
    }

    private static Parameter Agent(ProxmoxVersion version)
    {
        Parameter[] freeze = version.Major >= 9
            ? [Flag("freeze-fs").Optional(), Alias("freeze-fs-on-backup", "freeze-fs"), Alias("guest-fsfreeze", "freeze-fs")]
            : [Flag("freeze-fs-on-backup").Optional()];
        return PropertyString(
            "agent",
            [
                Flag("enabled").DefaultKey(),
                Flag("fstrim_cloned_disks").Optional(),
                Choice("type", "virtio", "isa").Optional(),
                .. freeze,
            ]
        );
    }

    private static Parameter Memory(ProxmoxVersion version) =>
        version.MemoryIsPropertyString ? PropertyString("memory", Integer("current", 16).DefaultKey()) : Integer("memory", 16);
}
