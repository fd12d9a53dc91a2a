using System.Globalization;
using Lab.Proxmox.Wire;
using static Lab.Proxmox.Schema.Parameter;

namespace Lab.Proxmox.Calls;

/// <summary>What is true of the whole cluster: version, free ids, and the list of everything.</summary>
internal static class ClusterCalls
{
    public static void Add(CallTable calls, Site site)
    {
        calls.Add(
            "GET",
            "/version",
            Permissions.Everyone,
            [],
            _ => new Dictionary<string, object?>
            {
                ["version"] = site.Version.Release + ".1",
                ["release"] = site.Version.Release,
                ["repoid"] = "0a1b2c3d4e5f6071",
            }
        );
        calls.Add("GET", "/cluster/nextid", Permissions.Everyone, [site.VmIdParameter().Optional()], request => NextId(request, site));
        calls.Add(
            "GET",
            "/cluster/resources",
            Permissions.Everyone,
            [Choice("type", "vm", "storage", "node", "sdn").Optional()],
            (request, cancel) => ResourcesAsync(request, site, cancel)
        );
        calls.Add(
            "GET",
            "/pools",
            Permissions.Everyone,
            [Text("poolid", "pve-poolid").Optional(), Choice("type", "qemu", "lxc", "storage").Optional() with { Requires = "poolid" }],
            request => Pools(request, site)
        );
    }

    private static string NextId(ApiRequest request, Site site) =>
        site.Cluster.Read(content =>
        {
            var taken = content.Guests.Select(guest => guest.VmId).ToHashSet();
            var wanted = request.Integer("vmid", 0);
            if (wanted == 0)
                wanted = Enumerable.Range(100, int.MaxValue - 100).First(id => !taken.Contains(id));
            else if (taken.Contains(wanted))
                throw ApiException.Parameter("vmid", $"VM {wanted} already exists\n");
            return wanted.ToString(CultureInfo.InvariantCulture);
        });

    private static async Task<object?> ResourcesAsync(ApiRequest request, Site site, CancellationToken cancel)
    {
        var resources = new List<Dictionary<string, object?>>();
        var type = request.Text("type");
        if (type is null or "vm")
        {
            foreach (
                var guest in site
                    .Cluster.Read(content => content.Guests.ToList())
                    .Where(guest => site.Access.Has(request.Caller, $"/vms/{guest.VmId}", "VM.Audit"))
            )
                resources.Add(await GuestView.ResourceAsync(guest, site, cancel));
        }
        if (type is null or "node")
            resources.AddRange(
                site.Options.Nodes.Select(node => new Dictionary<string, object?>
                {
                    ["id"] = $"node/{node}",
                    ["type"] = "node",
                    ["node"] = node,
                    ["status"] = NodeView.Status(node, site),
                })
            );
        if (type is null or "storage")
            resources.AddRange(Storages(request, site));
        return resources;
    }

    private static IEnumerable<Dictionary<string, object?>> Storages(ApiRequest request, Site site) =>
        from node in site.Options.Nodes
        from storage in site.Options.Storages
        where site.Access.Has(request.Caller, $"/storage/{storage.Name}", "Datastore.Audit")
        select new Dictionary<string, object?>
        {
            ["id"] = $"storage/{node}/{storage.Name}",
            ["type"] = "storage",
            ["storage"] = storage.Name,
            ["node"] = node,
            ["status"] = "available",
            ["plugintype"] = storage.Type,
            ["content"] = string.Join(',', storage.Content),
            ["shared"] = storage.Shared ? 1 : 0,
            ["maxdisk"] = storage.Total,
            ["disk"] = storage.Used,
        };

    private static List<Dictionary<string, object?>> Pools(ApiRequest request, Site site)
    {
        var visible = site.Options.Pools.Where(pool =>
            site.Access.Has(request.Caller, $"/pool/{pool}", "Pool.Audit")
            || site.Access.Has(request.Caller, $"/pool/{pool}", "Pool.Allocate")
        );
        var pools = visible.Where(pool => request.Text("poolid") is not { } wanted || wanted == pool).ToList();
        if (request.Text("poolid") is { } asked && pools.Count == 0)
            throw ApiException.Internal($"pool '{asked}' does not exist");
        return pools.ConvertAll(pool =>
            request.Text("poolid") is null
                ? new Dictionary<string, object?> { ["poolid"] = pool }
                : new() { ["poolid"] = pool, ["members"] = Members(pool, site) }
        );
    }

    private static List<Dictionary<string, object?>> Members(string pool, Site site) =>
        site.Cluster.Read(content =>
            content
                .Guests.Where(guest => guest.Pool == pool)
                .Select(guest => new Dictionary<string, object?>
                {
                    ["id"] = $"{guest.Kind}/{guest.VmId}",
                    ["type"] = guest.Kind,
                    ["vmid"] = guest.VmId,
                    ["node"] = guest.Node,
                    ["name"] = guest.Name,
                })
                .ToList()
        );
}
