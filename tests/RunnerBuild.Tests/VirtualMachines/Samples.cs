using System.Collections.Immutable;
using System.Net;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>A host of a fleet, and the virtual machine it is once all is done.</summary>
internal static class Samples
{
    public const string FirstKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIbEtBNqcVCnL4LuGHQAkRyqgdQ2SHKKVaVaSNAYW6Wn me@home + work";
    public const string SecondKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ1j4Nb6MRrTQ1bq2vn/8pEzcVGTfw5rDWAtK6JlQ5vN ci/deploy=1";

    public static readonly VmSpec Spec = new(
        VmId: 250, Node: "node005", Template: 9999, Cores: 16, MemoryMiB: 65536, DiskGiB: 40, DiskName: "scsi0", Bridge: "vmbr0",
        Ip: new(IPAddress.Parse("192.168.1.250"), 24), Gateway: IPAddress.Parse("192.168.1.1"), Nameservers: [IPAddress.Parse("192.168.1.2")],
        SearchDomain: "home.example", SshKeys: [FirstKey, SecondKey], OnBoot: true, Tags: ["ci"], Pool: null, Storage: null, FullClone: true);

    public static readonly Host Host = HostOf(Spec);

    public static readonly VirtualMachine Wanted = VirtualMachine.Of(Host);

    public static readonly ImmutableSortedDictionary<string, string> Config = new Dictionary<string, string>
    {
        ["agent"] = "enabled=1",
        ["ciupgrade"] = "0",
        ["ciuser"] = "runner-admin",
        ["cores"] = "16",
        ["description"] = Wanted.Description,
        ["digest"] = "d1",
        ["ipconfig0"] = "ip=192.168.1.250/24,gw=192.168.1.1",
        ["memory"] = "65536",
        ["name"] = "gh-runner-01",
        ["nameserver"] = "192.168.1.2",
        ["net0"] = "virtio=BC:24:11:AA:BB:CC,bridge=vmbr0,queues=64",
        ["onboot"] = "1",
        ["scsi0"] = "local-lvm:vm-250-disk-0,discard=on,iothread=1,size=40G",
        ["searchdomain"] = "home.example",
        ["sshkeys"] = Uri.EscapeDataString($"{FirstKey}\n{SecondKey}\n"),
        ["tags"] = "ci;runnerbuild",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public static readonly VirtualMachineFacts.Present Converged = new(new(9, 1), Config, "d1", Running: true, Lock: null, []);

    public static readonly VirtualMachineFacts.Absent Absent = new(
        new(9, 1), [new("node005", true), new("node006", false)],
        new(new(9999, "qemu", "node005", "debian-13", "", IsTemplate: true, null),
            ImmutableSortedDictionary<string, string>.Empty.Add("scsi0", "local-lvm:base-9999-disk-0,size=3G").Add("net0", "virtio=BC:24:11:00:99:99,bridge=vmbr0")
                .Add("cores", "2").Add("agent", "1")),
        [new(9999, "qemu", "node005", "debian-13", "", true, null)]);

    public static Host HostOf(VmSpec spec, string name = "gh-runner-01", int sshPort = 22) => new(
        name, new("127.0.0.1", sshPort, "runner-admin", "/keys/id", null, []), spec, new(EngineSource.Distribution, [], null, [], [], null), new(80, 90, null, null, null), []);

    public static VirtualMachineFacts.Present With(this VirtualMachineFacts.Present facts, string key, string? value) => facts with
    {
        Config = value is null ? facts.Config.Remove(key) : facts.Config.SetItem(key, value),
    };
}
