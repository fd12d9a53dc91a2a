using Lab.Proxmox.State;
using Lab.Proxmox.Wire;
using static Lab.Proxmox.Schema.Parameter;

namespace Lab.Proxmox.Calls;

/// <summary>`/pools/{poolid}`: which guests are in a resource pool.</summary>
internal static class PoolCalls
{
    public static void Add(CallTable calls, Site site) =>
        calls.Add(
            "PUT",
            "/pools/{poolid}",
            Permissions.On("/pool/{poolid}", "Pool.Allocate"),
            [
                Text("poolid", "pve-poolid"),
                Text("comment").Optional(),
                Text("vms", "pve-vmid-list").Optional(),
                Text("storage", "pve-storage-id-list").Optional(),
                Flag("delete").Optional(),
                .. site.Version.Major >= 8 ? [Flag("allow-move").Optional()] : Array.Empty<Schema.Parameter>(),
            ],
            request => site.Cluster.Change(content => Update(request, content, site))
        );

    private static object? Update(ApiRequest request, ClusterContent content, Site site)
    {
        var pool = request["poolid"];
        if (!site.Options.Pools.Contains(pool))
            throw ApiException.Internal($"pool '{pool}' does not exist");
        foreach (var vmId in request.List("vms"))
        {
            if (!site.Access.Has(request.Caller, $"/vms/{vmId}", "Permissions.Modify"))
                site.Access.DemandAny(request.Caller, $"/vms/{vmId}", "Permissions.Modify", "VM.Allocate");
            var guest = content.Guests.Find(guest => $"{guest.VmId}" == vmId) ?? throw ApiException.Internal($"VM {vmId} does not exist");
            if (request.Flag("delete"))
                guest.Pool = guest.Pool == pool ? null : throw ApiException.Internal($"VM {vmId} is not a pool member");
            else if (guest.Pool is { } other && other != pool && !request.Flag("allow-move"))
                throw ApiException.Internal($"VM {vmId} belongs already to pool '{other}', and 'allow-move' is not set");
            else
                guest.Pool = pool;
        }
        return null;
    }
}
