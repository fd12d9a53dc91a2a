using System.Globalization;
using System.Text;
using Lab.Proxmox.Schema;
using Lab.Proxmox.State;

namespace Lab.Proxmox.Machines;

/// <summary>Makes the files of the cloud-init drive from a configuration, in the NoCloud format.</summary>
internal static class CloudInit
{
    /// <summary>Keys whose values end up on the drive, beside `ipconfigN`.</summary>
    public static readonly string[] Keys =
    [
        "cicustom",
        "cipassword",
        "ciupgrade",
        "ciuser",
        "name",
        "nameserver",
        "searchdomain",
        "sshkeys",
    ];

    public static CloudInitSeed Seed(int vmId, IReadOnlyDictionary<string, string> config)
    {
        var userData = UserData(vmId, config);
        var networkConfig = NetworkConfig(config);
        return new(userData, $"instance-id: {Sha1Hex.Of(userData + networkConfig)}\n", networkConfig);
    }

    private static string UserData(int vmId, IReadOnlyDictionary<string, string> config)
    {
        var text = new StringBuilder("#cloud-config\n");
        AppendNames(text, config.GetValueOrDefault("name") ?? $"VM{vmId}", config.GetValueOrDefault("searchdomain"));
        var user = config.GetValueOrDefault("ciuser");
        if (user is not null)
            text.Append(CultureInfo.InvariantCulture, $"user: {user}\n");
        if (user == "root")
            text.Append("disable_root: False\n");
        if (config.GetValueOrDefault("cipassword") is { } password)
            text.Append(CultureInfo.InvariantCulture, $"password: {password}\n");
        if (config.GetValueOrDefault("sshkeys") is { } keys && SshKeys.Decode(keys) is { Count: > 0 } lines)
            text.Append("ssh_authorized_keys:\n").AppendJoin("", lines.Select(line => $"  - {line}\n"));
        text.Append("chpasswd:\n  expire: False\n");
        if (user != "root")
            text.Append("users:\n  - default\n");
        return text.Append("package_upgrade: ")
            .Append(config.GetValueOrDefault("ciupgrade") == "0" ? "false" : "true")
            .Append('\n')
            .ToString();
    }

    private static void AppendNames(StringBuilder text, string name, string? domain)
    {
        var host = name.Split('.')[0];
        var fullName =
            name.Contains('.', StringComparison.Ordinal) ? name
            : domain is null ? null
            : $"{host}.{domain.Split(' ')[0]}";
        text.Append(CultureInfo.InvariantCulture, $"hostname: {host}\nmanage_etc_hosts: true\n");
        if (fullName is not null)
            text.Append(CultureInfo.InvariantCulture, $"fqdn: {fullName}\n");
    }

    private static string NetworkConfig(IReadOnlyDictionary<string, string> config)
    {
        var text = new StringBuilder("version: 1\nconfig:\n");
        foreach (
            var (key, value) in config.Where(entry =>
                entry.Key.StartsWith("net", StringComparison.Ordinal) && char.IsAsciiDigit(entry.Key[^1])
            )
        )
        {
            var index = key["net".Length..];
            AppendCard(text, $"eth{index}", NetworkCard.Parse(value), IpConfig.Parse(config.GetValueOrDefault($"ipconfig{index}")));
        }
        AppendNameservers(text, config);
        return text.ToString();
    }

    private static void AppendCard(StringBuilder text, string name, NetworkCard card, IpConfig ip)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"    - type: physical\n      name: {name}\n      mac_address: '{card.MacAddress.ToLowerInvariant()}'\n      subnets:"
        );
        var before = text.Length;
        if (ip.Ip == "dhcp")
            text.Append("\n      - type: dhcp4");
        else if (ip.Static is { } fixedAddress)
            text.Append(
                    CultureInfo.InvariantCulture,
                    $"\n      - type: static\n        address: '{fixedAddress.Address}'\n        netmask: '{fixedAddress.Netmask}'"
                )
                .Append(ip.Gateway is { } gateway ? $"\n        gateway: '{gateway}'" : "");
        if (ip.Ip6 is "dhcp" or "auto")
            text.Append(ip.Ip6 == "dhcp" ? "\n      - type: dhcp6" : "\n      - type: ipv6_slaac");
        else if (ip.Ip6 is { } address6)
            text.Append(CultureInfo.InvariantCulture, $"\n      - type: static6\n        address: '{address6}'")
                .Append(ip.Gateway6 is { } gateway6 ? $"\n        gateway: '{gateway6}'" : "");
        text.Append(text.Length == before ? " []\n" : "\n");
    }

    private static void AppendNameservers(StringBuilder text, IReadOnlyDictionary<string, string> config)
    {
        var servers = Lists.Split(config.GetValueOrDefault("nameserver") ?? "");
        var domains = Lists.Split(config.GetValueOrDefault("searchdomain") ?? "");
        if (servers.Length + domains.Length == 0)
            return;
        text.Append("    - type: nameserver\n");
        if (servers.Length > 0)
            text.Append("      address:\n").AppendJoin("", servers.Select(server => $"      - '{server}'\n"));
        if (domains.Length > 0)
            text.Append("      search:\n").AppendJoin("", domains.Select(domain => $"      - '{domain}'\n"));
    }
}
