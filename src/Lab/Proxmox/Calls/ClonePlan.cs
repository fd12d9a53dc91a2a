using Lab.Proxmox.Machines;
using Lab.Proxmox.Schema;
using Lab.Proxmox.State;
using Lab.Proxmox.Wire;

namespace Lab.Proxmox.Calls;

/// <summary>A clone that passed all checks that come before its task.</summary>
/// <param name="Source">The source's configuration when the clone was asked for.</param>
internal sealed record ClonePlan(
    int SourceId,
    int NewId,
    string Node,
    bool IsFull,
    string? StorageName,
    string? Name,
    string? Description,
    string? Pool,
    IReadOnlyDictionary<string, string> Source
)
{
    public static ClonePlan From(ApiRequest request, ClusterContent content, Site site)
    {
        if (content.FindMachine(request.Node, request.VmId) is not { } source)
            throw ApiException.Internal($"unable to find configuration file for VM {request.VmId} on node '{request.Node}'");
        var target = request.Text("target") ?? request.Node;
        var plan = new ClonePlan(
            source.VmId,
            request.Integer("newid", 0),
            target,
            request.Flag("full", otherwise: !source.IsTemplate),
            request.Text("storage"),
            request.Text("name"),
            request.Text("description"),
            request.Text("pool"),
            new SortedDictionary<string, string>(source.Config, StringComparer.Ordinal)
        );
        if (source.Lock is { } held)
            throw ApiException.Internal($"VM is locked ({held})");
        plan.CheckPlace(request, site);
        plan.CheckDisks(request, source, site);
        if (content.FindMachine(target, plan.NewId) is not null)
            throw ApiException.Internal($"unable to create VM {plan.NewId}: config file already exists");
        return plan;
    }

    /// <summary>Puts the locked, empty guest in its place, or fails when another guest has the id.</summary>
    public void Reserve(ClusterContent content)
    {
        if (content.Guests.Any(guest => guest.VmId == NewId))
            throw ApiException.Internal($"close (rename) atomic file '/etc/pve/nodes/{Node}/qemu-server/{NewId}.conf' failed: File exists");
        content.Guests.Add(
            new()
            {
                VmId = NewId,
                Node = Node,
                Kind = "qemu",
                LinkedTo = IsFull ? null : SourceId,
                Config = { ["lock"] = "clone", ["description"] = " qmclone temporary file" },
            }
        );
    }

    public void Finish(ClusterContent content, Site site)
    {
        var guest = content.Machine(Node, NewId);
        guest.Config.Clear();
        foreach (
            var (key, value) in Source.Where(entry =>
                entry.Key is not ("template" or "lock" or "parent" or "snaptime")
                && !entry.Key.StartsWith("unused", StringComparison.Ordinal)
            )
        )
            guest.Config[key] = Copied(key, value, site);
        guest.Config["smbios1"] = $"uuid={Guid.NewGuid()}";
        guest.Config["vmgenid"] = Guid.NewGuid().ToString();
        guest.Config["name"] = Name ?? $"Copy-of-VM-{Source.GetValueOrDefault("name") ?? $"{SourceId}"}";
        if (Description is not null)
            guest.Config["description"] = Description.TrimEnd();
        guest.Pool = Pool;
        guest.CreatedAt = site.Time.GetUtcNow();
    }

    private string Copied(string key, string value, Site site)
    {
        if (ConfigPrivileges.IsNetwork(key))
            return NetworkCard.Parse(value).WithNewMacAddress().ToString();
        if (!DiskParameters.IsDisk(key) || Drive.Parse(value) is not { } drive || drive is { IsCdrom: true, IsCloudInit: false })
            return value;
        var storage = NodeCalls.Find(StorageName ?? drive.Storage, site);
        if (drive.IsCloudInit)
            return DiskUpdate.CloudInitDrive(storage, NewId).ToString();
        var index = Source
            .Keys.Where(DiskParameters.IsDisk)
            .Where(disk => !Drive.Parse(Source[disk]).IsCdrom)
            .Order(StringComparer.Ordinal)
            .TakeWhile(disk => disk != key)
            .Count();
        return (drive with { File = storage.VolumeId(NewId, $"vm-{NewId}-disk-{index}") }).ToString();
    }

    private void CheckPlace(ApiRequest request, Site site)
    {
        if (!site.Options.Nodes.Contains(Node))
            throw ApiException.Internal($"no such cluster node '{Node}'");
        if (Pool is { } pool && !site.Options.Pools.Contains(pool))
            throw ApiException.Internal($"pool '{pool}' does not exist");
        if (!IsFull && StorageName is not null)
            throw ApiException.Internal("parameter 'storage' not allowed for linked clones");
        if (!IsFull && request.Text("format") is not null)
            throw ApiException.Internal("parameter 'format' not allowed for linked clones");
        if (request.Text("snapname") is { } snapshot)
            throw ApiException.Internal($"snapshot '{snapshot}' does not exist");
        foreach (var card in Source.Where(entry => ConfigPrivileges.IsNetwork(entry.Key)))
            ConfigPrivileges.DemandBridge(site, request.Caller, NetworkCard.Parse(card.Value).Bridge);
    }

    private void CheckDisks(ApiRequest request, Guest source, Site site)
    {
        foreach (var (key, value) in Source.Where(entry => DiskParameters.IsDisk(entry.Key)))
        {
            var drive = Drive.Parse(value);
            if (drive is { IsCdrom: true, IsCloudInit: false })
                continue;
            if (!IsFull && !source.IsTemplate && !drive.IsCdrom)
                throw ApiException.Internal($"Linked clone feature is not supported for drive '{key}' ({drive.File})");
            var name = StorageName ?? drive.Storage;
            site.Access.Demand(request.Caller, $"/storage/{name}", "Datastore.AllocateSpace");
            var storage = NodeCalls.Find(name, site);
            if (!storage.HoldsImages)
                throw ApiException.Parameter("storage", $"storage '{name}' does not support content-type 'images'\n");
            if (Node != request.Node && !NodeCalls.Find(drive.Storage, site).Shared)
                throw ApiException.Internal($"can't clone VM to node '{Node}' (VM uses local storage)");
        }
    }
}
