using Lab.Proxmox.Schema;
using Lab.Proxmox.State;
using Lab.Proxmox.Wire;
using static Lab.Proxmox.Schema.Parameter;

namespace Lab.Proxmox.Calls;

/// <summary>`…/config` and `…/pending`.</summary>
internal static class ConfigCalls
{
    private const string Path = "/nodes/{node}/qemu/{vmid}/config";

    public static void Add(CallTable calls, Site site)
    {
        calls.Add(
            "GET",
            Path,
            Permissions.On("/vms/{vmid}", "VM.Audit"),
            site.OnMachine([Flag("current").Optional(), Text("snapshot", "pve-configid").AtMost(40).Optional()]),
            request => Show(request, site)
        );
        calls.Add(
            "GET",
            "/nodes/{node}/qemu/{vmid}/pending",
            Permissions.On("/vms/{vmid}", "VM.Audit"),
            site.OnMachine([]),
            request => Pending(request, site)
        );
        var writing = Permissions.OnAny("/vms/{vmid}", ConfigPrivileges.All);
        calls.Add("PUT", Path, writing, site.OnMachine(Writable(site)), (request, cancel) => PutAsync(request, site, cancel));
        calls.Add(
            "POST",
            Path,
            writing,
            site.OnMachine([.. Writable(site), Integer("background_delay", 1, 30).Optional()]),
            (request, cancel) => PostAsync(request, site, cancel)
        );
    }

    private static IEnumerable<Parameter> Writable(Site site) =>
        [
            .. ConfigParameters.Keys(site.Version),
            Text("delete", "pve-configid-list").Optional(),
            Text("revert", "pve-configid-list").Optional(),
            Flag("force").Optional() with
            {
                Requires = "delete",
            },
            Text("digest").AtMost(40).Optional(),
            Flag("skiplock").Optional(),
        ];

    private static Dictionary<string, object?> Show(ApiRequest request, Site site) =>
        site.Cluster.Read(content =>
        {
            var guest = content.Machine(request.Node, request.VmId);
            if (request.Text("snapshot") is { } name)
                return GuestView.Config(
                    guest.Snapshots.Find(snapshot => snapshot.Name == name)?.Config ?? throw ApiException.Internal($"snapshot '{name}' does not exist"),
                    ConfigText.Digest(guest),
                    site
                );
            return GuestView.Config(request.Flag("current") ? guest.Config : guest.Planned, ConfigText.Digest(guest), site);
        });

    private static List<Dictionary<string, object?>> Pending(ApiRequest request, Site site) =>
        site.Cluster.Read(content =>
        {
            var guest = content.Machine(request.Node, request.VmId);
            var keys = guest.Config.Keys.Union(guest.Pending.Keys).Order(StringComparer.Ordinal);
            return keys.Select(key => PendingEntry(guest, key, site))
                .Append(new() { ["key"] = "digest", ["value"] = ConfigText.Digest(guest) })
                .ToList();
        });

    private static Dictionary<string, object?> PendingEntry(Guest guest, string key, Site site)
    {
        var entry = new Dictionary<string, object?> { ["key"] = key };
        if (guest.Config.TryGetValue(key, out var value))
            entry["value"] = GuestView.Value(key, value, site);
        if (guest.Pending.TryGetValue(key, out var pending))
            entry["pending"] = GuestView.Value(key, pending, site);
        if (guest.PendingDelete.TryGetValue(key, out var force))
            entry["delete"] = force ? 2 : 1;
        return entry;
    }

    private static async Task<object?> PutAsync(ApiRequest request, Site site, CancellationToken cancel)
    {
        var update = Checked(request, site);
        await WriteAsync(update, site, cancel);
        return null;
    }

    private static async Task<object?> PostAsync(ApiRequest request, Site site, CancellationToken cancel)
    {
        var update = Checked(request, site);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var upid = site.Workers.Start(
            request.Node,
            "qmconfig",
            $"{request.VmId}",
            request.Caller,
            async (_, abort) =>
            {
                await WriteAsync(update, site, abort);
                done.SetResult();
            }
        );
        var seconds = request.Integer("background_delay", 0);
        if (seconds > 0)
            await Task.WhenAny(done.Task, Task.Delay(TimeSpan.FromSeconds(seconds), site.Time, cancel));
        return done.Task.IsCompleted && seconds > 0 ? null : upid;
    }

    private static ConfigUpdate Checked(ApiRequest request, Site site)
    {
        site.Cluster.Read(content => content.Machine(request.Node, request.VmId));
        var update = ConfigUpdate.From(request, site);
        site.Cluster.Read(update.Target);
        return update;
    }

    private static async Task WriteAsync(ConfigUpdate update, Site site, CancellationToken cancel)
    {
        var guest = site.Cluster.Read(update.Target);
        var running = await site.IsRunningAsync(guest, cancel);
        site.Cluster.Change(content =>
            PendingChanges.Write(
                update.Target(content),
                update,
                running,
                (target, value, others) => DiskUpdate.Stored(target, value, others, site)
            )
        );
    }
}
