using System.Collections.Immutable;
using System.Net;

namespace RunnerBuild.Config;

/// <summary>A machine that runners live on.</summary>
/// <param name="Metrics">Loopback address and port for Prometheus; null for none.</param>
/// <param name="Vm">What to create on Proxmox; null: the machine exists and is only reached by SSH.</param>
internal sealed record Host(
    string Name, SshAccess Ssh, VmSpec? Vm, EngineSettings Engine, HostCare Care, ImmutableArray<Pool> Pools, string? Metrics = null)
{
    /// <summary>Its jobs find archives of the actions that the fleet's repositories use, instead of downloading them.</summary>
    public bool ActionArchives { get; init; }
}

/// <summary>What a host can bear, and who is told when it cannot.</summary>
/// <param name="DiskWarn">Percent of Docker's disk in use from which on what nobody needs is removed.</param>
/// <param name="DiskPark">Percent of Docker's disk in use from which on no slot takes a job.</param>
/// <param name="MemoryMiB">Mebibytes that pools may reserve together; null: the machine's.</param>
/// <param name="Cpus">Cores that pools may reserve together; null: the machine's.</param>
/// <param name="Notify">Path of a program on the host; null: none.</param>
internal sealed record HostCare(int DiskWarn, int DiskPark, int? MemoryMiB, double? Cpus, string? Notify);

/// <param name="Key">Absolute path of a private key.</param>
/// <param name="HostKeys">Pinned host keys as `SHA256:…` fingerprints; empty when they are learned or in the known_hosts file.</param>
internal sealed record SshAccess(
    string Address, int Port, string User, string Key, SecretReference? Passphrase, ImmutableArray<string> HostKeys)
{
    /// <summary>What a person types to get there.</summary>
    public string ForPeople => $"{User}@{Address}:{Port}";
}

/// <param name="Template">VMID of the template to clone.</param>
/// <param name="MemoryMiB">Mebibytes.</param>
/// <param name="DiskGiB">Absolute size of the boot disk in gibibytes; grows only.</param>
/// <param name="Ip">Address with prefix length, or null for DHCP.</param>
/// <param name="SshKeys">Public keys for the login user, one a line of authorized_keys.</param>
internal sealed record VmSpec(
    int VmId, string Node, int Template, int Cores, int MemoryMiB, int DiskGiB, string DiskName, string Bridge, IPNetworkAddress? Ip,
    IPAddress? Gateway, ImmutableArray<IPAddress> Nameservers, string? SearchDomain, ImmutableArray<string> SshKeys, bool OnBoot,
    ImmutableArray<string> Tags, string? Pool, string? Storage, bool FullClone)
{
    /// <summary>Name of the cluster in `clusters`; null: the one in `proxmox`.</summary>
    public string? Cluster { get; init; }

    public int Sockets { get; init; } = 1;

    /// <summary>As Proxmox spells it, such as `host` or `x86-64-v3,flags=+aes`; null: as it is.</summary>
    public string? Cpu { get; init; }

    /// <summary>Mebibytes that ballooning leaves at least; 0: no ballooning; null: as it is.</summary>
    public int? BalloonMiB { get; init; }

    /// <summary>0: untagged; null: as it is.</summary>
    public int? Vlan { get; init; }

    /// <summary>Whether Proxmox refuses to remove it; null: as it is.</summary>
    public bool? Protection { get; init; }
}

/// <summary>An address inside its network, such as 192.168.1.250/24.</summary>
internal sealed record IPNetworkAddress(IPAddress Address, int PrefixLength)
{
    public override string ToString() => $"{Address}/{PrefixLength}";
}

internal enum EngineSource { Distribution, Docker }

/// <summary>The Docker Engine of a host, and of the engines that jobs get inside theirs.</summary>
/// <param name="Source">The distribution's package, or Docker's own repository.</param>
/// <param name="AddressPools">`base/size` pairs, such as `10.200.0.0/16,24`.</param>
/// <param name="PullThrough">The registry whose images the host keeps for its jobs' own engines; null: none are kept.</param>
/// <param name="Mtu">Null: the network card's.</param>
internal sealed record EngineSettings(
    EngineSource Source, ImmutableArray<string> RegistryMirrors, string? PullThrough, ImmutableArray<string> InsecureRegistries,
    ImmutableArray<string> AddressPools, int? Mtu);
