using System.Globalization;
using Lab.Proxmox.Machines;
using Lab.Proxmox.Schema;
using Lab.Proxmox.State;
using Lab.Proxmox.Wire;
using static Lab.Proxmox.Schema.Parameter;

namespace Lab.Proxmox.Calls;

/// <summary>`POST …/qemu`, a machine that is no clone, and `…/template`, which makes a template of one.</summary>
internal static class CreateCall
{
    public static void Add(CallTable calls, Site site)
    {
        calls.Add(
            "POST",
            "/nodes/{node}/qemu",
            (access, caller, arguments) =>
            {
                var intoPool = arguments.ContainsKey("pool") && access.Has(caller, Permissions.Fill("/pool/{pool}", arguments), "VM.Allocate");
                if (!intoPool && !access.Has(caller, Permissions.Fill("/vms/{vmid}", arguments), "VM.Allocate"))
                    throw ApiException.Forbidden("Permission check failed");
            },
            site.OnMachine([
                .. ConfigParameters.Keys(site.Version),
                Text("pool", "pve-poolid").Optional(),
                Text("storage", "pve-storage-id").Optional(),
                Flag("start").Optional(),
                Integer("bwlimit", 0).Optional(),
            ]),
            request => Create(request, site)
        );
        calls.Add(
            "POST",
            "/nodes/{node}/qemu/{vmid}/template",
            Permissions.On("/vms/{vmid}", "VM.Allocate"),
            site.OnMachine([Choice("disk", [.. DiskParameters.Names]).Optional()]),
            (request, cancel) => ToTemplateAsync(request, site, cancel)
        );
    }

    private static string Create(ApiRequest request, Site site)
    {
        var vmId = request.VmId;
        var values = ConfigUpdate.From(request, site).Set;
        foreach (var (key, value) in values.Where(entry => DiskParameters.IsDisk(entry.Key)))
            CheckImport(key, Drive.Parse(value), site);
        var guest = site.Cluster.Change(content => Reserve(request, content, site));
        return site.Workers.Start(
            request.Node,
            "qmcreate",
            vmId.ToString(CultureInfo.InvariantCulture),
            request.Caller,
            async (log, abort) =>
            {
                log("transferred 0.0 B of 3.0 GiB (0.00%)");
                await site.Workers.PauseAsync(site.Options.CloneDelay, abort);
                site.Cluster.Change(_ => Finish(guest, values, site));
            },
            () => site.Cluster.Change(content => content.Guests.Remove(guest))
        );
    }

    /// <summary>The id is taken before the task is there, so that of two calls one is refused.</summary>
    private static Guest Reserve(ApiRequest request, ClusterContent content, Site site)
    {
        if (content.Guests.Find(guest => guest.VmId == request.VmId) is { } other)
            throw ApiException.Internal($"unable to create VM {request.VmId} - VM {request.VmId} already exists on node '{other.Node}'");
        var made = new Guest
        {
            VmId = request.VmId,
            Node = request.Node,
            Kind = "qemu",
            Pool = request.Text("pool"),
            CreatedAt = site.Time.GetUtcNow(),
            Config = { ["lock"] = "create" },
        };
        content.Guests.Add(made);
        return made;
    }

    private static void Finish(Guest guest, IReadOnlyDictionary<string, string> values, Site site)
    {
        guest.Config.Clear();
        var disks = new List<string>();
        foreach (var (key, value) in values)
        {
            guest.Config[key] = DiskParameters.IsDisk(key) ? DiskUpdate.Stored(guest, value, disks, site) : value;
            if (DiskParameters.IsDisk(key))
                disks.Add(guest.Config[key]);
        }
        guest.Config["smbios1"] = $"uuid={Guid.NewGuid()}";
        guest.Config["vmgenid"] = Guid.NewGuid().ToString();
    }

    private static void CheckImport(string key, Drive drive, Site site)
    {
        if (drive.Options.GetValueOrDefault("import-from") is not { } source)
            return;
        if (source.StartsWith('/'))
            throw ApiException.Internal("Only root can pass arbitrary filesystem paths.");
        if (!source.Contains(":import/", StringComparison.Ordinal))
            throw ApiException.Parameter(key, $"{source} has wrong type - needs to be 'images' or 'import'\n");
        if (!site.Cluster.Read(content => content.Volumes.Contains(source)))
            throw ApiException.Internal($"cannot import from '{source}' - volume does not exist");
    }

    private static async Task<object?> ToTemplateAsync(ApiRequest request, Site site, CancellationToken cancel)
    {
        var guest = site.Cluster.Read(content => content.UnlockedMachine(request.Node, request.VmId));
        if (site.Cluster.Read(_ => guest.Snapshots.Count > 0))
            throw ApiException.Internal("unable to create template, because VM contains snapshots");
        if (site.Cluster.Read(_ => guest.IsTemplate))
            throw ApiException.Internal("you can't convert a template to a template");
        if (await site.IsRunningAsync(guest, cancel))
            throw ApiException.Internal("you can't convert a VM to template if VM is running");
        return site.Workers.Start(
            request.Node,
            "qmtemplate",
            $"{request.VmId}",
            request.Caller,
            (_, _) =>
            {
                site.Cluster.Change(_ =>
                {
                    guest.Config["template"] = "1";
                    foreach (var key in guest.Config.Keys.Where(DiskParameters.IsDisk).Where(key => !Drive.Parse(guest.Config[key]).IsCdrom).ToList())
                        guest.Config[key] = guest.Config[key].Replace($"vm-{guest.VmId}-disk", $"base-{guest.VmId}-disk", StringComparison.Ordinal);
                });
                return Task.CompletedTask;
            }
        );
    }
}
