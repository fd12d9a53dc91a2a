using System.Collections.Immutable;
using System.Net;
using RunnerBuild.Config.Yaml;

namespace RunnerBuild.Config.Sections;

/// <summary>The VM to make for a host. Its number and address are the host's own; all else can come from the fleet's defaults.</summary>
internal static class VmSection
{
    private const string PublicKeyPattern =
        @"^(ssh-(ed25519|rsa)|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com) "
        + "[A-Za-z0-9+/]{20,}={0,3}( .*)?$";

    public static readonly Key<int> VmId = new(
        "vmid", "The VM's number in the cluster", Texts.Number(100, 999_999_999)) { Required = true };
    public static readonly Key<IPNetworkAddress?> Ip = new(
        "ip", "Address and prefix length, such as 192.168.1.250/24; without it, DHCP gives one",
        Addresses.InNetwork.As((address, _) => (IPNetworkAddress?)address));
    public static readonly Key<string> Cluster = new(
        "cluster", "Name of the cluster in clusters; without, the one in proxmox", Names.Label) { Clearable = true };
    public static readonly Key<string> Node = new("node", "Node of the cluster that the VM is on", Names.Label);
    public static readonly Key<int> Template = new("template", "Number of the template to clone", Texts.Number(100, 999_999_999));
    public static readonly Key<int> Cores = new("cores", "CPU cores", Texts.Number(1, 1024)) { Default = "4" };
    private static readonly Key<int> Sockets = new("sockets", "CPU sockets; the VM has so many times the cores", Texts.Number(1, 4)) { Default = "1" };
    private static readonly Key<string> Cpu = new(
        "cpu", "Kind of CPU as Proxmox VE spells it, such as host or x86-64-v3; without, it stays as it is",
        Texts.Like("a kind of CPU, such as host or x86-64-v3,flags=+aes", "^[A-Za-z0-9][A-Za-z0-9._-]*(,[a-z-]+=[^,= ]+)*$")) { Clearable = true };
    public static readonly Key<int> Memory = new("memory", "Main memory", Sizes.MiB("512M", "8T")) { Default = "8G" };
    private static readonly Key<int> Balloon = new(
        "balloon", "Memory that ballooning leaves at least, 0M for no ballooning; without, it stays as it is", Sizes.MiB("0M", "8T")) { Clearable = true };
    private static readonly Key<int> Disk = new(
        "disk", "Size of the boot disk; it can grow, never shrink", Sizes.GiB("2G", "64T")) { Default = "40G" };
    private static readonly Key<string> DiskName = new(
        "diskName", "Which of the template's disks to grow",
        Texts.Like("the name of a disk, such as scsi0", "^(scsi|virtio|sata|ide)[0-9]{1,2}$")) { Default = "scsi0" };
    private static readonly Key<string> Bridge = new(
        "bridge", "Network bridge of the node", Texts.Like("the name of a bridge, such as vmbr0", "^[A-Za-z][A-Za-z0-9_.]{0,14}$"))
        { Default = "vmbr0" };
    private static readonly Key<int> Vlan = new(
        "vlan", "VLAN tag of the network card, 0 for none; without, it stays as it is", Texts.Number(0, 4094)) { Clearable = true };
    private static readonly Key<IPAddress> Gateway = new("gateway", "Router of the VM's network", Addresses.Ip) { Clearable = true };
    private static readonly Key<ImmutableArray<IPAddress>> Nameserver = new(
        "nameserver", "One or more DNS servers; without, the node's are used",
        new Either<ImmutableArray<IPAddress>>(
            Addresses.Ip.As((ip, _) => ImmutableArray.Create(ip)),
            new ListOf<IPAddress>(Addresses.Ip, 0, 3))) { Default = "[]", Clearable = true };
    private static readonly Key<string> SearchDomain = new(
        "searchDomain", "Domain that short names are looked up in", Names.Domain) { Clearable = true };
    private static readonly Key<ImmutableArray<string>> SshKeys = new(
        "sshKeys", "Public keys that may log in, or files with them; the one that belongs to ssh/key among them",
        Files.Lines("a public key such as 'ssh-ed25519 AAAA… name'", PublicKeyPattern));
    private static readonly Key<bool> OnBoot = new("onboot", "Whether the VM starts with its node", Texts.Switch) { Default = "true" };
    private static readonly Key<bool> Protection = new(
        "protection", "Whether Proxmox VE refuses to remove the VM and its disks; without, it stays as it is", Texts.Switch) { Clearable = true };
    private static readonly Key<ImmutableArray<string>> Tags = new(
        "tags", "Tags that the VM shows in Proxmox VE",
        new ListOf<string>(
            Texts.Loose("a tag: lower-case letters, digits, _ and, not first, - + .", "^[a-z0-9_][a-z0-9_+.-]{0,123}$"), 0, 50)
            .As((tags, _) => tags.Distinct().Order(StringComparer.Ordinal).ToImmutableArray())) { Default = "[]" };
    private static readonly Key<string> Pool = new(
        "pool", "Resource pool of Proxmox VE to put the VM in", Names.ProxmoxName) { Clearable = true };
    private static readonly Key<string> Storage = new(
        "storage", "Storage for the disks of a full clone; without, the template's", Names.ProxmoxName) { Clearable = true };
    private static readonly Key<bool> FullClone = new(
        "fullClone", "Whether the disks are copied; a linked clone is quicker to make and depends on its template", Texts.Switch)
        { Default = "true" };

    private static readonly ImmutableArray<Key> Shared =
    [
        Cluster, Node, Template, Cores, Sockets, Cpu, Memory, Balloon, Disk, DiskName, Bridge, Vlan, Gateway, Nameserver, SearchDomain, SshKeys, OnBoot,
        Protection, Tags, Pool, Storage, FullClone,
    ];

    public static Section Section { get; } = new(
        "vm", "The VM to make for a host; a host without one exists already", [VmId, Ip, .. Shared]);

    public static Section Defaults { get; } = new("vmDefaults", "What holds for every VM that does not say otherwise", Shared);

    public static VmSpec Spec(Settings vm)
    {
        CheckNetwork(vm);
        if (vm.Has(Storage) && vm.Has(FullClone) && !vm.Get(FullClone))
            vm.PlaceOf(Storage).Say(
                "holds only for a full clone: a linked clone stays on its template's storage; remove it, or say fullClone: true");
        if (vm.Has(Template) && vm.Get(Template) == vm.Get(VmId))
            vm.PlaceOf(VmId).Say($"should be another number than the template's, is {vm.Get(VmId)} like it");
        if (vm.Has(Balloon) && vm.Get(Balloon) > vm.Get(Memory))
            vm.PlaceOf(Balloon).Say("should be no more than the memory: it is what ballooning leaves of that");
        if (vm.Has(SshKeys) && vm.Get(SshKeys) is [] && !vm.At.Reading.FilesMayBeMissing)
            vm.PlaceOf(SshKeys).Say("should have at least one public key, has none: nobody could log in");

        return new VmSpec(
            vm.Get(VmId), vm.Require(Node, Elsewhere), vm.Require(Template, Elsewhere),
            vm.Get(Cores), vm.Get(Memory), vm.Get(Disk), vm.Get(DiskName), vm.Get(Bridge),
            vm.Get(Ip), vm.Has(Ip) ? vm.Get(Gateway) : null, vm.Get(Nameserver), vm.Get(SearchDomain), vm.Require(SshKeys, Elsewhere),
            vm.Get(OnBoot), vm.Get(Tags), vm.Get(Pool), vm.Get(Storage), vm.Get(FullClone))
        {
            Cluster = vm.Get(Cluster),
            Sockets = vm.Get(Sockets),
            Cpu = vm.Get(Cpu),
            BalloonMiB = vm.Maybe(Balloon),
            Vlan = vm.Maybe(Vlan),
            Protection = vm.Maybe(Protection),
        };
    }

    private const string Elsewhere = "defaults/vm";

    private static void CheckNetwork(Settings vm)
    {
        if (vm.Get(Ip) is not { } ip)
            return;
        if (vm.At.Reading.Lab is { } lab && Addresses.TryParseInNetwork(lab.Subnet, out var subnet)
            && !Addresses.Contains(subnet, ip.Address))
            vm.PlaceOf(Ip).Say($"should be an address in the lab's network, {lab.Subnet}, is '{ip}'");
        if (vm.Get(Gateway) is not { } gateway)
            return;
        if (!Addresses.Contains(ip, gateway))
            vm.PlaceOf(Gateway).Say($"should be an address in the network of {ip}, which {vm.At.Path}/ip says, is '{gateway}'");
        else if (ip.Address.Equals(gateway))
            vm.PlaceOf(Ip).Say($"should be another address than the gateway's, is {ip.Address} like it");
    }
}
