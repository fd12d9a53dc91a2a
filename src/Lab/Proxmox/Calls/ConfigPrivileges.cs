using Lab.Proxmox.Machines;
using Lab.Proxmox.Schema;
using Lab.Proxmox.Wire;

namespace Lab.Proxmox.Calls;

/// <summary>Which privilege a key of the configuration needs.</summary>
internal static class ConfigPrivileges
{
    public static readonly string[] All =
    [
        "VM.Config.Disk",
        "VM.Config.CDROM",
        "VM.Config.CPU",
        "VM.Config.Memory",
        "VM.Config.Network",
        "VM.Config.HWType",
        "VM.Config.Options",
        "VM.Config.Cloudinit",
    ];

    public static void Demand(Site site, string caller, int vmId, string key, string? value)
    {
        var path = $"/vms/{vmId}";
        if (key is "args" or "lock" or "hookscript" or "freeze" && caller != "root@pam")
            throw ApiException.Internal($"only root can set '{key}' config");
        if (CloudInit.Keys.Contains(key) && key != "name" || key is "citype" || key.StartsWith("ipconfig", StringComparison.Ordinal))
            site.Access.DemandAny(caller, path, "VM.Config.Cloudinit", "VM.Config.Network");
        else
            site.Access.Demand(caller, path, Privilege(key, value));
        if (key == "startup")
            site.Access.Demand(caller, "/", "Sys.Modify");
        if (value is not null && IsNetwork(key))
            DemandBridge(site, caller, NetworkCard.Parse(value).Bridge);
    }

    public static void DemandBridge(Site site, string caller, string? bridge)
    {
        if (site.Version.NeedsSdnUse && bridge is not null)
            site.Access.Demand(caller, $"/sdn/zones/localnetwork/{bridge}", "SDN.Use");
    }

    public static bool IsNetwork(string key) =>
        key.Length > 3 && key.StartsWith("net", StringComparison.Ordinal) && char.IsAsciiDigit(key[3]);

    private static string Privilege(string key, string? value) =>
        key switch
        {
            "boot" or "vmstatestorage" => "VM.Config.Disk",
            "cores" or "sockets" or "cpu" or "cpulimit" or "cpuunits" or "vcpus" or "numa" => "VM.Config.CPU",
            "memory" or "balloon" or "shares" => "VM.Config.Memory",
            "acpi" or "bios" or "hotplug" or "kvm" or "machine" or "scsihw" or "smbios1" or "tablet" or "vga" or "rng0" or "vmgenid" =>
                "VM.Config.HWType",
            _ when IsNetwork(key) => "VM.Config.Network",
            _ when key.StartsWith("serial", StringComparison.Ordinal) => "VM.Config.HWType",
            _ when DiskParameters.IsDisk(key) => value is not null && Drive.Parse(value).IsCdrom ? "VM.Config.CDROM" : "VM.Config.Disk",
            _ when key.StartsWith("unused", StringComparison.Ordinal) => "VM.Config.Disk",
            _ => "VM.Config.Options",
        };
}
