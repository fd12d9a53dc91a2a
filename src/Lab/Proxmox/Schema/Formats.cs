using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Lab.Proxmox.Schema;

/// <summary>The named formats of single values. Each returns null, or what is wrong.</summary>
internal static class Formats
{
    private const string Label = "[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?";
    private const string BootDevice = @"(ide[0-3]|sata[0-5]|scsi([12]?\d|30)|virtio(\d|1[0-5])|net([12]?\d|3[01]))";

    private static readonly ImmutableDictionary<string, Func<string, string?>> All = new Dictionary<string, Func<string, string?>>
    {
        ["urlencoded"] = value => Unless(Is("[-%a-zA-Z0-9_.!~*'()]*", value), $"invalid urlencoded string: {value}"),
        ["pve-vmid"] = value => Unless(Is("[1-9][0-9]{2,8}", value), "value does not look like a valid VM ID"),
        ["pve-node"] = value => Unless(Is(Label, value), "value does not look like a valid node name"),
        ["pve-configid"] = value => Unless(Is("[a-zA-Z][a-zA-Z0-9_-]+", value), $"invalid configuration ID '{value}'"),
        ["pve-storage-id"] = StorageId,
        ["pve-volume"] = value =>
            Unless(
                value is "none" or "cdrom" || value.StartsWith('/') || Is("[A-Za-z][A-Za-z0-9._-]*[A-Za-z0-9]:.+", value),
                $"unable to parse volume ID '{value}'"
            ),
        ["pve-volume-or-path"] = value =>
            Unless(value.StartsWith('/') || Is("[A-Za-z][A-Za-z0-9._-]*[A-Za-z0-9]:.+", value), $"unable to parse volume ID '{value}'"),
        ["pve-poolid"] = value =>
            Unless(Is("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+){0,2}", value), $"pool name '{value}' contains invalid characters"),
        ["pve-bridge-id"] = value => Unless(Is(@"[-_.\w]+", value), $"invalid bridge ID '{value}'"),
        ["pve-tag"] = value => Unless(Is(@"[a-zA-Z0-9_][a-zA-Z0-9_+.-]*", value), "invalid characters in tag"),
        ["pve-realm"] = value => Unless(Is("[A-Za-z][A-Za-z0-9._-]+", value), "value does not look like a valid realm"),
        ["pve-storage-content"] = value =>
            Unless(
                value is "images" or "rootdir" or "vztmpl" or "iso" or "backup" or "snippets" or "none" or "import",
                $"invalid content type '{value}'"
            ),
        ["pve-task-status-type"] = value =>
            Unless(value.ToLowerInvariant() is "ok" or "error" or "warning" or "unknown", $"invalid status '{value}'"),
        ["pve-qm-bootdev"] = value => Unless(Is(BootDevice, value), $"invalid boot device '{value}'"),
        ["pve-startup-order"] = value =>
            Unless(Is(@"(order=)?\d+(,(up|down)=\d+)*|(up|down)=\d+(,(up|down)=\d+)*", value), "unable to parse startup options"),
        ["pve-hotplug-features"] = HotplugFeatures,
        ["mac-addr"] = value =>
            Unless(Is("[a-fA-F0-9][02468aceACE](:[a-fA-F0-9]{2}){5}", value), "value does not look like a valid unicast MAC address"),
        ["ipv4"] = value => Unless(IsAddress(value, AddressFamily.InterNetwork), "value does not look like a valid IPv4 address"),
        ["ipv6"] = value => Unless(IsAddress(value, AddressFamily.InterNetworkV6), "value does not look like a valid IPv6 address"),
        ["address"] = value =>
            Unless(
                IPAddress.TryParse(value, out _) || Is($@"({Label}\.)*{Label}", value),
                $"value does not look like a valid address: {value}"
            ),
        ["pve-ipv4-config"] = value =>
            Unless(
                value is "dhcp" or "manual" || IsNetwork(value, AddressFamily.InterNetwork, 32),
                "value does not look like a valid ipv4 network configuration"
            ),
        ["pve-ipv6-config"] = value =>
            Unless(
                value is "auto" or "dhcp" or "manual" || IsNetwork(value, AddressFamily.InterNetworkV6, 128),
                "value does not look like a valid ipv6 network configuration"
            ),
        ["dns-name"] = value => Unless(Is($@"({Label}\.)*{Label}", value), "value does not look like a valid DNS name"),
        ["disk-size"] = value => Unless(Is(@"\d+(\.\d+)?[KMGT]?", value), $"value does not look like a valid disk size: {value}"),
    }.ToImmutableDictionary();

    public static string? Check(string format, string value)
    {
        if (All.TryGetValue(format, out var check))
            return check(value);
        var element = All[format[..^"-list".Length]];
        return Lists.Split(value).Select(element).FirstOrDefault(problem => problem is not null);
    }

    private static string? StorageId(string value) =>
        value.Length < 2
            ? $"storage ID '{value}' cannot be shorter than 2 characters"
            : Unless(Is("[A-Za-z][A-Za-z0-9._-]*[A-Za-z0-9]", value), $"storage ID '{value}' contains illegal characters");

    private static string? HotplugFeatures(string value) =>
        value is "0" or "1"
            ? null
            : Lists
                .Split(value)
                .Where(feature => feature is not ("network" or "disk" or "cpu" or "memory" or "usb" or "cloudinit"))
                .Select(feature => $"invalid hotplug feature '{feature}'")
                .FirstOrDefault();

    // .NET also reads 10.1, 0x0a.0.0.1 and octal 010.0.0.1; Proxmox takes an IPv4 address as it is printed.
    private static bool IsAddress(string value, AddressFamily family) =>
        IPAddress.TryParse(value, out var address)
        && address.AddressFamily == family
        && (family != AddressFamily.InterNetwork || address.ToString() == value);

    private static bool IsNetwork(string value, AddressFamily family, int longest) =>
        value.Split('/') is [var address, var prefix]
        && IsAddress(address, family)
        && int.TryParse(prefix, out var bits)
        && bits >= 8
        && bits <= longest;

    private static bool Is(string pattern, string value) => Regex.IsMatch(value, $@"\A(?:{pattern})\z", RegexOptions.CultureInvariant);

    private static string? Unless(bool right, string problem) => right ? null : problem;
}
