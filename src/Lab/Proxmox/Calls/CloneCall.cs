using Lab.Proxmox.Wire;
using static Lab.Proxmox.Schema.Parameter;

namespace Lab.Proxmox.Calls;

/// <summary>`…/clone`: while its task runs the new guest exists with nothing but its lock.</summary>
internal static class CloneCall
{
    public static void Add(CallTable calls, Site site) =>
        calls.Add(
            "POST",
            "/nodes/{node}/qemu/{vmid}/clone",
            Permission,
            site.OnMachine([
                site.VmIdParameter("newid"),
                Text("name", "dns-name").Optional(),
                Text("description").Optional(),
                Flag("full").Optional(),
                Text("pool", "pve-poolid").Optional(),
                Text("storage", "pve-storage-id").Optional(),
                Choice("format", "raw", "qcow2", "vmdk").Optional(),
                Text("target", "pve-node").Optional(),
                Text("snapname", "pve-configid").AtMost(40).Optional(),
                Integer("bwlimit", 0).Optional(),
            ]),
            request => Start(request, site)
        );

    private static Permission Permission =>
        (access, caller, arguments) =>
        {
            access.Demand(caller, Permissions.Fill("/vms/{vmid}", arguments), "VM.Clone");
            var intoPool = arguments.ContainsKey("pool") && access.Has(caller, Permissions.Fill("/pool/{pool}", arguments), "VM.Allocate");
            if (!intoPool && !access.Has(caller, Permissions.Fill("/vms/{newid}", arguments), "VM.Allocate"))
                throw ApiException.Forbidden("Permission check failed");
        };

    private static string Start(ApiRequest request, Site site)
    {
        var clone = site.Cluster.Read(content => ClonePlan.From(request, content, site));
        return site.Workers.Start(
            request.Node,
            "qmclone",
            $"{request.VmId}",
            request.Caller,
            async (log, abort) =>
            {
                site.Cluster.Change(content => clone.Reserve(content));
                try
                {
                    log($"create {(clone.IsFull ? "full" : "linked")} clone of drives");
                    await site.Workers.PauseAsync(site.Options.CloneDelay, abort);
                    site.Cluster.Change(content => clone.Finish(content, site));
                }
                catch
                {
                    site.Cluster.Change(content => content.Guests.RemoveAll(guest => guest.VmId == clone.NewId && guest.Lock == "clone"));
                    throw;
                }
            }
        );
    }
}
