using Lab.Proxmox.State;
using Lab.Proxmox.Wire;
using static Lab.Proxmox.Schema.Parameter;

namespace Lab.Proxmox.Calls;

/// <summary>`…/snapshot` and `…/feature` as they are with a storage that has no snapshots: there is only the current state, and the task of a snapshot fails.</summary>
internal static class SnapshotCalls
{
    private const string Path = "/nodes/{node}/qemu/{vmid}/snapshot";

    public static void Add(CallTable calls, Site site)
    {
        var name = Text("snapname", "pve-configid").AtMost(40);
        calls.Add(
            "GET",
            Path,
            Permissions.On("/vms/{vmid}", "VM.Audit"),
            site.OnMachine([]),
            (request, cancel) => ListAsync(request, site, cancel)
        );
        calls.Add(
            "POST",
            Path,
            Permissions.On("/vms/{vmid}", "VM.Snapshot"),
            site.OnMachine([name, Text("description").Optional(), Flag("vmstate").Optional()]),
            request => Create(request, site)
        );
        calls.Add(
            "POST",
            Path + "/{snapname}/rollback",
            Permissions.OnAny("/vms/{vmid}", "VM.Snapshot", "VM.Snapshot.Rollback"),
            site.OnMachine([name, Flag("start").Optional()]),
            request => Missing(request, "qmrollback", site)
        );
        calls.Add(
            "DELETE",
            Path + "/{snapname}",
            Permissions.On("/vms/{vmid}", "VM.Snapshot"),
            site.OnMachine([name, Flag("force").Optional()]),
            request => Missing(request, "qmdelsnapshot", site)
        );
        calls.Add(
            "GET",
            "/nodes/{node}/qemu/{vmid}/feature",
            Permissions.On("/vms/{vmid}", "VM.Audit"),
            site.OnMachine([Choice("feature", "snapshot", "clone", "copy"), name.Optional()]),
            request => Feature(request, site)
        );
    }

    private static async Task<object?> ListAsync(ApiRequest request, Site site, CancellationToken cancel)
    {
        var guest = site.Cluster.Read(content => content.Machine(request.Node, request.VmId));
        var running = await site.IsRunningAsync(guest, cancel);
        return site.Cluster.Read(_ => new List<Dictionary<string, object?>>
        {
            new()
            {
                ["name"] = "current",
                ["description"] = "You are here!",
                ["digest"] = ConfigText.Digest(guest),
                ["running"] = running ? 1 : 0,
            },
        });
    }

    private static string Create(ApiRequest request, Site site)
    {
        if (request["snapname"] is "current" or "pending")
            throw ApiException.Internal($"unable to use snapshot name '{request["snapname"]}' (reserved name)");
        return Fail(request, "qmsnapshot", "snapshot feature is not available", site);
    }

    private static string Missing(ApiRequest request, string type, Site site) =>
        Fail(request, type, $"snapshot '{request["snapname"]}' does not exist", site);

    private static string Fail(ApiRequest request, string type, string problem, Site site) =>
        site.Workers.Start(
            request.Node,
            type,
            $"{request.VmId}",
            request.Caller,
            (_, _) =>
            {
                site.Cluster.Read(content => content.UnlockedMachine(request.Node, request.VmId));
                throw ApiException.Internal(problem);
            }
        );

    private static Dictionary<string, object?> Feature(ApiRequest request, Site site) =>
        site.Cluster.Read(content =>
        {
            var guest = content.Machine(request.Node, request.VmId);
            return new Dictionary<string, object?>
            {
                ["hasFeature"] = request["feature"] switch
                {
                    "copy" => 1,
                    "clone" when guest.IsTemplate => 1,
                    _ => 0,
                },
                ["nodes"] = new[] { request.Node },
            };
        });
}
