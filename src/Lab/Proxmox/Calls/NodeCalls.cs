using Lab.Proxmox.Wire;
using static Lab.Proxmox.Schema.Parameter;

namespace Lab.Proxmox.Calls;

/// <summary>Nodes with their storages and bridges.</summary>
internal static class NodeCalls
{
    public static void Add(CallTable calls, Site site)
    {
        calls.Add("GET", "/nodes", Permissions.Everyone, [], _ => NodeView.List(site));
        calls.Add(
            "GET",
            "/nodes/{node}/status",
            Permissions.On("/nodes/{node}", "Sys.Audit"),
            [Site.NodeParameter],
            _ => NodeView.Usage(site)
        );
        calls.Add(
            "GET",
            "/nodes/{node}/network",
            Permissions.Everyone,
            [Site.NodeParameter, Choice("type", NetworkTypes).Optional()],
            request => NodeView.Bridges(request, site)
        );
        calls.Add(
            "GET",
            "/nodes/{node}/storage",
            Permissions.Everyone,
            [
                Site.NodeParameter,
                Text("content", "pve-storage-content-list").Optional(),
                Flag("enabled").Optional(),
                Flag("format").Optional(),
                Text("storage", "pve-storage-id").Optional(),
                Text("target", "pve-node").Optional(),
            ],
            request => Storages(request, site)
        );
        calls.Add(
            "GET",
            "/nodes/{node}/storage/{storage}/status",
            Permissions.OnAny("/storage/{storage}", "Datastore.Audit", "Datastore.AllocateSpace"),
            [Site.NodeParameter, Text("storage", "pve-storage-id")],
            request => Describe(Find(request["storage"], site))
        );
    }

    public static Storage Find(string name, Site site) =>
        site.Options.Storages.FirstOrDefault(storage => storage.Name == name)
        ?? throw ApiException.Internal($"storage '{name}' does not exist");

    private static string[] NetworkTypes =>
        [
            "bridge",
            "bond",
            "eth",
            "alias",
            "vlan",
            "fabric",
            "OVSBridge",
            "OVSBond",
            "OVSPort",
            "OVSIntPort",
            "vnet",
            "any_bridge",
            "any_local_bridge",
            "include_sdn",
        ];

    private static List<Dictionary<string, object?>> Storages(ApiRequest request, Site site)
    {
        var wanted = request.List("content");
        return
        [
            .. site
                .Options.Storages.Where(storage =>
                    site.Access.Has(request.Caller, $"/storage/{storage.Name}", "Datastore.Audit")
                    || site.Access.Has(request.Caller, $"/storage/{storage.Name}", "Datastore.AllocateSpace")
                )
                .Where(storage => wanted.Count == 0 || storage.Content.Any(wanted.Contains))
                .Where(storage => request.Text("storage") is not { } name || name == storage.Name)
                .Select(storage => new Dictionary<string, object?>(Describe(storage))
                {
                    ["storage"] = storage.Name,
                    ["used_fraction"] = (double)storage.Used / storage.Total,
                }),
        ];
    }

    private static Dictionary<string, object?> Describe(Storage storage) =>
        new()
        {
            ["type"] = storage.Type,
            ["content"] = string.Join(',', storage.Content),
            ["active"] = 1,
            ["enabled"] = 1,
            ["shared"] = storage.Shared ? 1 : 0,
            ["total"] = storage.Total,
            ["used"] = storage.Used,
            ["avail"] = storage.Total - storage.Used,
        };
}
