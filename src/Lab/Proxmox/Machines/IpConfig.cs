using System.Collections.Immutable;
using System.Net;
using Lab.Proxmox.Schema;

namespace Lab.Proxmox.Machines;

/// <summary>An `ipconfigN`: addresses with their prefix, or `dhcp`, `auto`; null where nothing is said.</summary>
internal sealed record IpConfig(string? Ip, string? Gateway, string? Ip6, string? Gateway6)
{
    private static readonly ParameterTable Keys = new(ConfigParameters.IpConfig.Keys);

    public static IpConfig Parse(string? text)
    {
        var values = text is null ? ImmutableDictionary<string, string>.Empty : PropertyStrings.Parse(Keys, text);
        return new(
            values.GetValueOrDefault("ip"),
            values.GetValueOrDefault("gw"),
            values.GetValueOrDefault("ip6"),
            values.GetValueOrDefault("gw6")
        );
    }

    /// <summary>The fixed IPv4 address, if there is one.</summary>
    public IPNetworkAddress? Static =>
        Ip?.Split('/') is [var address, var prefix] ? new(IPAddress.Parse(address), int.Parse(prefix)) : null;
}

/// <summary>An address and the length of its network's prefix.</summary>
internal sealed record IPNetworkAddress(IPAddress Address, int PrefixLength)
{
    public IPAddress Netmask => new(BitConverter.GetBytes(IPAddress.HostToNetworkOrder((int)(uint.MaxValue << (32 - PrefixLength)))));
}
