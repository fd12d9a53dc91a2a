using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using RunnerBuild.Desired;

namespace RunnerBuild.Remote.Proxmox;

/// <summary>A network card as the guest sees it.</summary>
internal sealed record GuestInterface(string Name, string Mac, ImmutableArray<IPAddress> Addresses)
{
    /// <summary>Those that other machines reach it at.</summary>
    public ImmutableArray<IPAddress> Usable => [.. Addresses.Where(address => !address.IsIPv6LinkLocal && !IPAddress.IsLoopback(address))];
}

/// <summary>Asks the agent inside a virtual machine. Only reads, so asking changes nothing.</summary>
internal sealed partial class GuestAgent(ProxmoxClient client, GuestId vm)
{
    public async Task<ImmutableArray<GuestInterface>> InterfacesAsync(CancellationToken cancel)
    {
        var answer = await client.GetAsync($"{vm.Path}/agent/network-get-interfaces", $"ask the guest agent of {vm} for its addresses", cancel);
        return answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("result", out var cards) ? [.. cards.Items().Select(Interface)] : [];
    }

    /// <summary>The MAC address in a `net0` of the configuration; empty: it has none.</summary>
    public static string MacOf(string? net) => MacAddress().Match(net ?? "").Value;

    /// <summary>The card with this MAC address, since containers inside bring cards of their own; null: the guest has none.</summary>
    public async Task<GuestInterface?> CardAsync(string mac, CancellationToken cancel) =>
        (await InterfacesAsync(cancel)).FirstOrDefault(card => card.Mac.Equals(mac, StringComparison.OrdinalIgnoreCase));

    /// <summary>The file's text, or null when the guest cannot open it.</summary>
    public async Task<string?> FileAsync(string path, CancellationToken cancel)
    {
        try
        {
            var answer = await client.GetAsync(
                $"{vm.Path}/agent/file-read?file={Uri.EscapeDataString(path)}", $"read {path} through the guest agent of {vm}", cancel);
            return answer.Text("content");
        }
        catch (ProxmoxException missing) when (missing.Fault is ProxmoxFault.Other && missing.Why.Contains("No such file", StringComparison.Ordinal))
        {
            return null;
        }
    }

    private static GuestInterface Interface(JsonElement card) => new(
        card.Text("name") ?? "", card.Text("hardware-address") ?? "",
        card.TryGetProperty("ip-addresses", out var addresses)
            ? [.. addresses.Items().Select(entry => IPAddress.TryParse(entry.Text("ip-address"), out var ip) ? ip : null).OfType<IPAddress>()]
            : []);

    [GeneratedRegex("[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}")]
    private static partial Regex MacAddress();
}
