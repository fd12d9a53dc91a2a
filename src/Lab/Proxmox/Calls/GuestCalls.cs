using Lab.Proxmox.Wire;
using static Lab.Proxmox.Schema.Parameter;

namespace Lab.Proxmox.Calls;

/// <summary>The list of a node's virtual machines, the status of one, and its end.</summary>
internal static class GuestCalls
{
    public static void Add(CallTable calls, Site site)
    {
        calls.Add(
            "GET",
            "/nodes/{node}/qemu",
            Permissions.Everyone,
            [Site.NodeParameter, Flag("full").Optional()],
            (request, cancel) => ListAsync(request, site, cancel)
        );
        calls.Add(
            "GET",
            "/nodes/{node}/qemu/{vmid}/status/current",
            Permissions.On("/vms/{vmid}", "VM.Audit"),
            site.OnMachine([]),
            async (request, cancel) =>
                await GuestView.StatusAsync(site.Cluster.Read(content => content.Machine(request.Node, request.VmId)), site, cancel)
        );
        calls.Add(
            "DELETE",
            "/nodes/{node}/qemu/{vmid}",
            Permissions.On("/vms/{vmid}", "VM.Allocate"),
            site.OnMachine([Flag("purge").Optional(), Flag("destroy-unreferenced-disks").Optional(), Flag("skiplock").Optional()]),
            (request, cancel) => DestroyAsync(request, site, cancel)
        );
    }

    private static async Task<object?> ListAsync(ApiRequest request, Site site, CancellationToken cancel)
    {
        var guests = site.Cluster.Read(content =>
            content.Guests.Where(guest => guest.Node == request.Node && guest.Kind == "qemu").ToList()
        );
        var list = new List<Dictionary<string, object?>>();
        foreach (var guest in guests.Where(guest => site.Access.Has(request.Caller, $"/vms/{guest.VmId}", "VM.Audit")))
            list.Add(await GuestView.StatusAsync(guest, site, cancel));
        return list;
    }

    private static async Task<object?> DestroyAsync(ApiRequest request, Site site, CancellationToken cancel)
    {
        var guest = site.Cluster.Read(content => content.Machine(request.Node, request.VmId));
        if (site.Cluster.Read(_ => guest.Config.GetValueOrDefault("protection") == "1"))
            throw ApiException.Internal($"can't remove VM {request.VmId} - protection mode enabled");
        site.Cluster.Read(content => content.UnlockedMachine(request.Node, request.VmId));
        if (await site.IsRunningAsync(guest, cancel))
            throw ApiException.Internal($"VM {request.VmId} is running - destroy failed");
        return site.Workers.Start(
            request.Node,
            "qmdestroy",
            $"{request.VmId}",
            request.Caller,
            (_, abort) => RemoveAsync(request, site, abort)
        );
    }

    private static async Task RemoveAsync(ApiRequest request, Site site, CancellationToken cancel)
    {
        var guest = site.Cluster.Read(content => content.UnlockedMachine(request.Node, request.VmId));
        if (await site.IsRunningAsync(guest, cancel))
            throw ApiException.Internal($"VM {request.VmId} is running - destroy failed");
        if (site.Cluster.Read(content => content.Guests.Any(other => other.LinkedTo == request.VmId)))
            throw ApiException.Internal($"base volume of VM {request.VmId} is still in use by linked clones");
        await site.Machines.DestroyAsync(request.VmId, cancel);
        site.Cluster.Change(content =>
        {
            content.Guests.Remove(guest);
            content.Acl = [.. content.Acl.Where(entry => entry.Path != $"/vms/{request.VmId}")];
        });
    }
}
