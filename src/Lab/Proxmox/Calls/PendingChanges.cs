using Lab.Proxmox.Machines;
using Lab.Proxmox.Schema;
using Lab.Proxmox.State;

namespace Lab.Proxmox.Calls;

/// <summary>Writes an update into a guest: at once where it can be, else as a change that waits for the next start.</summary>
internal static class PendingChanges
{
    private static readonly HashSet<string> WhileRunning =
    [
        "autostart",
        "balloon",
        "cpuunits",
        "cpulimit",
        "description",
        "hookscript",
        "hotplug",
        "lock",
        "name",
        "onboot",
        "protection",
        "shares",
        "startup",
        "tags",
        "vmstatestorage",
        "citype",
        .. CloudInit.Keys,
    ];

    public static void Write(Guest guest, ConfigUpdate update, bool running, Func<Guest, string, IEnumerable<string>, string> disk)
    {
        var values = Values(guest, update, disk);
        foreach (var key in update.Revert)
            Drop(guest, key);
        foreach (var key in update.Delete)
            Delete(guest, key, update.Force);
        foreach (var (key, value) in values)
        {
            guest.PendingDelete.Remove(key);
            guest.Pending[key] = value;
        }
        foreach (
            var key in guest
                .Pending.Where(entry => guest.Config.GetValueOrDefault(entry.Key) == entry.Value)
                .Select(entry => entry.Key)
                .ToList()
        )
            guest.Pending.Remove(key);
        Apply(guest, running ? IsImmediate : _ => true);
    }

    // Disks can be refused, so they come before the first change.
    private static Dictionary<string, string> Values(
        Guest guest,
        ConfigUpdate update,
        Func<Guest, string, IEnumerable<string>, string> disk
    )
    {
        var values = new Dictionary<string, string>();
        foreach (var (key, value) in update.Set)
            values[key] = DiskParameters.IsDisk(key)
                ? disk(guest, value, values.Where(other => DiskParameters.IsDisk(other.Key)).Select(other => other.Value))
                : value;
        return values;
    }

    private static void Delete(Guest guest, string key, bool force)
    {
        guest.Pending.Remove(key);
        if (guest.Config.ContainsKey(key))
            guest.PendingDelete[key] = force;
    }

    private static void Drop(Guest guest, string key)
    {
        guest.Pending.Remove(key);
        guest.PendingDelete.Remove(key);
    }

    private static void Apply(Guest guest, Func<string, bool> now)
    {
        foreach (var key in guest.PendingDelete.Keys.Where(now).ToList())
        {
            Detach(guest, key);
            guest.PendingDelete.Remove(key);
        }
        foreach (var (key, value) in guest.Pending.Where(entry => now(entry.Key)).ToList())
        {
            guest.Config[key] = value;
            guest.Pending.Remove(key);
        }
    }

    // A disk that is taken away stays with the guest as an unused one.
    private static void Detach(Guest guest, string key)
    {
        if (DiskParameters.IsDisk(key) && Drive.Parse(guest.Config[key]) is { IsCdrom: false } drive)
        {
            var free = Enumerable.Range(0, 256).First(index => !guest.Config.ContainsKey($"unused{index}"));
            guest.Config[$"unused{free}"] = drive.File;
        }
        guest.Config.Remove(key);
    }

    private static bool IsImmediate(string key) =>
        WhileRunning.Contains(key)
        || key.StartsWith("ipconfig", StringComparison.Ordinal)
        || key.StartsWith("unused", StringComparison.Ordinal)
        || ConfigPrivileges.IsNetwork(key)
        || key.StartsWith("scsi", StringComparison.Ordinal) && DiskParameters.IsDisk(key);
}
