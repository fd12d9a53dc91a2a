using System.Net;

namespace Lab;

/// <summary>What tells one lab from another on the same machine; everything it makes in Docker is named after <paramref name="Name"/>.</summary>
/// <param name="Name">Prefix of containers, volumes and images, and the name of the network.</param>
/// <param name="State">Absolute path of the directory that holds all of the lab's files.</param>
/// <param name="Subnet">IPv4 network of the virtual machines; its first address is the lab's machine.</param>
internal sealed record LabOptions(string Name, string State, IPNetwork Subnet, LabPorts Ports)
{
    public const string DefaultName = "runnerbuild-lab";
    public const string DefaultSubnet = "198.18.77.0/24";

    /// <summary>Release of Proxmox VE that the double plays.</summary>
    public string ProxmoxVersion { get; init; } = Proxmox.ProxmoxVersion.Newest;

    /// <summary>The Docker label that all of this lab's containers and volumes carry, as `key=value`.</summary>
    public string Label => LabelOf(Name);

    public string BaseImage => $"{Name}/debian:trixie";

    public IPAddress Gateway => AddressAt(1);

    public Uri ProxmoxUrl => new($"https://127.0.0.1:{Ports.Proxmox}");

    public Uri GitHubUrl => new($"http://{Gateway}:{Ports.GitHub}");

    public Uri ControlUrl => new($"http://127.0.0.1:{Ports.Control}");

    public string Registry => $"{Gateway}:{Ports.Registry}";

    public static string LabelOf(string name) => $"runnerbuild.lab={name}";

    // Addresses that Docker hands out by itself stay in the upper half, away from those that a fleet file names.
    public string DynamicRange => $"{AddressAt(1u << (31 - Subnet.PrefixLength))}/{Subnet.PrefixLength + 1}";

    private IPAddress AddressAt(uint offset)
    {
        var bytes = Subnet.BaseAddress.GetAddressBytes();
        var value = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes) + offset;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return new IPAddress(bytes);
    }
}

/// <summary>TCP ports of the lab's machine. Proxmox and Control listen on loopback only; GitHub and Registry also on the network of the virtual machines.</summary>
internal sealed record LabPorts(int Proxmox = 18006, int GitHub = 18080, int Registry = 15000, int Control = 18081);
