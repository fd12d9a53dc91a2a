using System.Text.Json;
using Lab.Proxmox;

namespace Lab.Hosts;

/// <summary>Reads the answer of `ip -json address`.</summary>
internal static class GuestInterfaces
{
    public static IReadOnlyList<GuestInterface> Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Where(link => link.TryGetProperty("ifname", out _)).Select(Read)];
    }

    private static GuestInterface Read(JsonElement link) => new(
        link.GetProperty("ifname").GetString()!,
        link.TryGetProperty("address", out var hardware) ? hardware.GetString()! : "00:00:00:00:00:00",
        link.TryGetProperty("addr_info", out var addresses)
            ? [.. addresses.EnumerateArray().Select(a => (a.GetProperty("local").GetString()!, a.GetProperty("prefixlen").GetInt32()))]
            : []);
}
