using Lab.Proxmox.Machines;
using Lab.Proxmox.State;
using static Lab.Proxmox.Schema.Parameter;

namespace Lab.Proxmox.Calls;

/// <summary>`…/cloudinit`: what is on the drive, what would be, and writing it. `ipconfigN` is not listed, as in the real answer.</summary>
internal static class CloudInitCalls
{
    private const string Path = "/nodes/{node}/qemu/{vmid}/cloudinit";

    public static void Add(CallTable calls, Site site)
    {
        calls.Add(
            "GET",
            Path,
            Permissions.On("/vms/{vmid}", "VM.Audit"),
            site.OnMachine([]),
            request => site.Cluster.Read(content => Show(content.Machine(request.Node, request.VmId), site))
        );
        calls.Add(
            "PUT",
            Path,
            Permissions.On("/vms/{vmid}", "VM.Config.Cloudinit"),
            site.OnMachine([]),
            request =>
            {
                site.Cluster.Change(content => WriteDrive(content.UnlockedMachine(request.Node, request.VmId)));
                return null;
            }
        );
        calls.Add(
            "GET",
            Path + "/dump",
            Permissions.On("/vms/{vmid}", "VM.Audit"),
            site.OnMachine([Choice("type", "user", "network", "meta")]),
            request =>
                site.Cluster.Read(content =>
                    Dump(request["type"], CloudInit.Seed(request.VmId, content.Machine(request.Node, request.VmId).Config))
                )
        );
    }

    public static void WriteDrive(Guest guest) =>
        guest.OnCloudInitDrive = new(
            guest.Config.Where(entry => CloudInit.Keys.Contains(entry.Key)).ToDictionary(),
            StringComparer.Ordinal
        );

    private static List<Dictionary<string, object?>> Show(Guest guest, Site site)
    {
        var onDrive = guest.OnCloudInitDrive ?? guest.Config;
        return
        [
            .. CloudInit
                .Keys.Where(key => onDrive.ContainsKey(key) || guest.Config.ContainsKey(key))
                .Select(key => Entry(key, onDrive, guest.Config, site)),
        ];
    }

    private static Dictionary<string, object?> Entry(
        string key,
        SortedDictionary<string, string> onDrive,
        SortedDictionary<string, string> config,
        Site site
    )
    {
        var entry = new Dictionary<string, object?> { ["key"] = key };
        if (onDrive.TryGetValue(key, out var value))
            entry["value"] = GuestView.Value(key, value, site);
        if (!config.TryGetValue(key, out var wanted))
            entry["delete"] = 1;
        else if (wanted != value)
            entry["pending"] = GuestView.Value(key, wanted, site);
        return entry;
    }

    private static string Dump(string type, CloudInitSeed seed) =>
        type switch
        {
            "user" => seed.UserData,
            "meta" => seed.MetaData,
            _ => seed.NetworkConfig,
        };
}
