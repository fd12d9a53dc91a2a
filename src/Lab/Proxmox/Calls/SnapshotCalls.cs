using Lab.Proxmox.Machines;
using Lab.Proxmox.Schema;
using Lab.Proxmox.State;
using Lab.Proxmox.Wire;
using static Lab.Proxmox.Schema.Parameter;

namespace Lab.Proxmox.Calls;

/// <summary>`…/snapshot` and `…/feature`. Almost all that is wrong with a snapshot shows only in its task.</summary>
internal static class SnapshotCalls
{
    private const string Path = "/nodes/{node}/qemu/{vmid}/snapshot";

    public static void Add(CallTable calls, Site site)
    {
        var name = Text("snapname", "pve-configid").AtMost(40);
        calls.Add("GET", Path, Permissions.On("/vms/{vmid}", "VM.Audit"), site.OnMachine([]), (request, cancel) => ListAsync(request, site, cancel));
        calls.Add(
            "POST",
            Path,
            Permissions.On("/vms/{vmid}", "VM.Snapshot"),
            site.OnMachine([name, Text("description").Optional(), Flag("vmstate").Optional()]),
            request => Take(request, site)
        );
        calls.Add(
            "POST",
            Path + "/{snapname}/rollback",
            Permissions.OnAny("/vms/{vmid}", "VM.Snapshot", "VM.Snapshot.Rollback"),
            site.OnMachine([name, Flag("start").Optional()]),
            request => Start(request, "qmrollback", site, (guest, abort) => RollBackAsync(request, guest, site, abort))
        );
        calls.Add(
            "DELETE",
            Path + "/{snapname}",
            Permissions.On("/vms/{vmid}", "VM.Snapshot"),
            site.OnMachine([name, Flag("force").Optional()]),
            request => Start(request, "qmdelsnapshot", site, (guest, abort) => DeleteAsync(request, guest, site, abort))
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
        return site.Cluster.Read(_ => guest.Snapshots.Select(Describe).Append(Current(guest, running)).ToList());
    }

    private static Dictionary<string, object?> Describe(GuestSnapshot snapshot)
    {
        var described = new Dictionary<string, object?>
        {
            ["name"] = snapshot.Name, ["description"] = snapshot.Description, ["snaptime"] = snapshot.TakenAt, ["vmstate"] = 0,
        };
        if (snapshot.Parent is { } parent)
            described["parent"] = parent;
        return described;
    }

    private static Dictionary<string, object?> Current(Guest guest, bool running)
    {
        var current = new Dictionary<string, object?>
        {
            ["name"] = "current", ["description"] = "You are here!", ["digest"] = ConfigText.Digest(guest), ["running"] = running ? 1 : 0,
        };
        if (guest.Parent is { } parent)
            current["parent"] = parent;
        return current;
    }

    private static string Take(ApiRequest request, Site site)
    {
        var name = request["snapname"];
        if (name is "current" or "pending")
            throw ApiException.Internal($"unable to use snapshot name '{name}' (reserved name)");
        return Start(request, "qmsnapshot", site, (guest, abort) => TakeAsync(request, guest, site, abort));
    }

    private static async Task TakeAsync(ApiRequest request, Guest guest, Site site, CancellationToken abort)
    {
        var name = request["snapname"];
        if (guest.Snapshots.Any(snapshot => snapshot.Name == name))
            throw ApiException.Internal($"snapshot name '{name}' already used");
        if (!CanSnapshot(guest, site))
            throw ApiException.Internal("snapshot feature is not available");
        var taken = new GuestSnapshot(
            name, request.Text("description") ?? "", site.Time.GetUtcNow().ToUnixTimeSeconds(), guest.Parent, new(guest.Config, StringComparer.Ordinal));
        await LockedAsync(guest, "snapshot", site, () => site.Machines.TakeSnapshotAsync(guest.VmId, name, abort));
        site.Cluster.Change(_ =>
        {
            guest.Snapshots.Add(taken);
            guest.Parent = name;
        });
    }

    private static async Task RollBackAsync(ApiRequest request, Guest guest, Site site, CancellationToken abort)
    {
        var snapshot = Find(request, guest);
        await LockedAsync(guest, "rollback", site, () => site.Machines.RollBackAsync(guest.VmId, snapshot.Name, abort));
        site.Cluster.Change(_ =>
        {
            guest.Config.Clear();
            foreach (var (key, value) in snapshot.Config)
                guest.Config[key] = value;
            guest.Pending.Clear();
            guest.PendingDelete.Clear();
            guest.StartedAt = null;
            guest.Parent = snapshot.Name;
        });
        if (request.Flag("start"))
            site.Workers.Start(request.Node, "qmstart", $"{guest.VmId}", request.Caller, (_, later) => PowerCalls.StartAsync(request.Node, guest.VmId, site, later));
    }

    private static async Task DeleteAsync(ApiRequest request, Guest guest, Site site, CancellationToken abort)
    {
        var snapshot = Find(request, guest);
        await LockedAsync(guest, "snapshot-delete", site, () => site.Machines.DeleteSnapshotAsync(guest.VmId, snapshot.Name, abort));
        site.Cluster.Change(_ =>
        {
            guest.Snapshots.Remove(snapshot);
            if (guest.Parent == snapshot.Name)
                guest.Parent = snapshot.Parent;
        });
    }

    private static async Task LockedAsync(Guest guest, string name, Site site, Func<Task> work)
    {
        site.Cluster.Change(_ => guest.Lock = name);
        try
        {
            await work();
        }
        finally
        {
            site.Cluster.Change(_ => guest.Lock = null);
        }
    }

    private static GuestSnapshot Find(ApiRequest request, Guest guest) =>
        guest.Snapshots.Find(snapshot => snapshot.Name == request["snapname"]) ?? throw ApiException.Internal($"snapshot '{request["snapname"]}' does not exist");

    private static string Start(ApiRequest request, string type, Site site, Func<Guest, CancellationToken, Task> work) =>
        site.Workers.Start(
            request.Node,
            type,
            $"{request.VmId}",
            request.Caller,
            (_, abort) => work(site.Cluster.Read(content => content.UnlockedMachine(request.Node, request.VmId)), abort)
        );

    private static bool CanSnapshot(Guest guest, Site site) =>
        guest.Config.Where(entry => DiskParameters.IsDisk(entry.Key)).Select(entry => Drive.Parse(entry.Value))
            .Where(drive => !drive.IsCdrom || drive.IsCloudInit)
            .All(drive => NodeCalls.Find(drive.Storage, site).HasSnapshots);

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
                    "snapshot" when CanSnapshot(guest, site) => 1,
                    _ => 0,
                },
                ["nodes"] = new[] { request.Node },
            };
        });
}
