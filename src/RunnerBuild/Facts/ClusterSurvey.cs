using System.Collections.Immutable;
using System.Text.Json;
using RunnerBuild.Desired;
using RunnerBuild.Remote.Proxmox;

namespace RunnerBuild.Facts;

/// <summary>A storage as one node sees it, in bytes.</summary>
internal sealed record StorageState(string Name, bool Active, ImmutableArray<string> Content, long Available);

/// <summary>What a cluster says of itself beyond a single machine, as far as Doctor asks. Each question is asked when it is needed.</summary>
internal sealed class ClusterSurvey(ProxmoxClient client)
{
    public async Task<ImmutableArray<NodeState>> NodesAsync(CancellationToken cancel) =>
        [.. (await client.GetAsync("/nodes", "list the nodes", cancel)).Items().Select(node => new NodeState(node.Text("node") ?? "", node.Text("status") == "online"))];

    /// <summary>The privileges that the login has at a path.</summary>
    public async Task<ImmutableHashSet<string>> PrivilegesAsync(string path, CancellationToken cancel)
    {
        var answer = await client.GetAsync($"/access/permissions?path={Uri.EscapeDataString(path)}", $"ask for the rights at {path}", cancel);
        return answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(path, out var granted) && granted.ValueKind == JsonValueKind.Object
            ? [.. granted.EnumerateObject().Select(privilege => privilege.Name)]
            : [];
    }

    /// <summary>Those that the login may see.</summary>
    public async Task<ImmutableArray<StorageState>> StoragesAsync(string node, CancellationToken cancel) =>
    [
        .. (await client.GetAsync($"/nodes/{Uri.EscapeDataString(node)}/storage", $"list the storages of {node}", cancel)).Items().Select(storage => new StorageState(
            storage.Text("storage") ?? "", storage.Flag("active"), [.. (storage.Text("content") ?? "").Split(',')], storage.Number("avail") ?? 0)),
    ];

    /// <summary>The template's configuration; null: there is no virtual machine under that number, or the login may not see it.</summary>
    public async Task<ImmutableSortedDictionary<string, string>?> ConfigAsync(GuestId vm, CancellationToken cancel)
    {
        try
        {
            return (await client.GetAsync($"{vm.Path}/config", $"read the configuration of {vm}", cancel)).Texts();
        }
        catch (ProxmoxException missing) when (missing.Fault is ProxmoxFault.NoSuchGuest or ProxmoxFault.Forbidden)
        {
            return null;
        }
    }

    /// <summary>Where each guest that the login may see is.</summary>
    public async Task<ImmutableDictionary<int, string>> PlacesAsync(CancellationToken cancel) =>
        (await client.GetAsync("/cluster/resources?type=vm", "list the guests of the cluster", cancel)).Items()
            .DistinctBy(guest => guest.Number("vmid")).ToImmutableDictionary(guest => (int)(guest.Number("vmid") ?? 0), guest => guest.Text("node") ?? "");
}
