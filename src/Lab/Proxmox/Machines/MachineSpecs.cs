using System.Net;
using Lab.Proxmox.Calls;
using Lab.Proxmox.State;

namespace Lab.Proxmox.Machines;

/// <summary>What the hypervisor would run for a guest.</summary>
internal static class MachineSpecs
{
    public static MachineSpec For(Guest guest)
    {
        var config = guest.Config;
        var ip = IpConfig.Parse(config.GetValueOrDefault("ipconfig0"));
        return new(
            guest.VmId,
            guest.Name,
            ConfigValues.Cores(config),
            ConfigValues.MemoryMiB(config),
            config.TryGetValue("net0", out var card) ? NetworkCard.Parse(card).MacAddress : null,
            CloudInit.Seed(guest.VmId, config),
            ip.Static?.Address,
            ip.Static?.PrefixLength ?? 0,
            ip.Gateway is { } gateway ? IPAddress.Parse(gateway) : null
        )
        {
            Uuid = Uuid(config.GetValueOrDefault("smbios1")),
        };
    }

    private static string? Uuid(string? smbios) =>
        smbios?.Split(',').FirstOrDefault(part => part.StartsWith("uuid=", StringComparison.Ordinal))?["uuid=".Length..];
}
