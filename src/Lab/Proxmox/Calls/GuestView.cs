using System.Globalization;
using Lab.Proxmox.State;

namespace Lab.Proxmox.Calls;

/// <summary>How guests look in lists and in their status.</summary>
internal static class GuestView
{
    private static readonly string[] CachedKeys = ["name", "template", "maxcpu", "maxmem", "maxdisk", "mem", "disk", "netin", "netout", "cpu"];

    private static readonly string[] ShownKeys = ["lock", "tags"];

    public static async Task<Dictionary<string, object?>> ResourceAsync(Guest guest, Site site, CancellationToken cancel)
    {
        // The real list is filled from a cache that has not seen a guest that is still being made.
        var status =
            site.Cluster.Read(_ => guest.Lock == "clone") ? "unknown"
            : await site.IsRunningAsync(guest, cancel) ? "running"
            : "stopped";
        return site.Cluster.Read(_ =>
        {
            var view = Common(guest, status);
            view["id"] = $"{guest.Kind}/{guest.VmId}";
            view["type"] = guest.Kind;
            view["node"] = guest.Node;
            view["template"] = guest.IsTemplate ? 1 : 0;
            if (view.Remove("cpus", out var cpus))
                view["maxcpu"] = cpus;
            if (guest.Pool is { } pool)
                view["pool"] = pool;
            if (guest.CreatedAt is { } created && site.Time.GetUtcNow() - created < site.Options.ListLag)
            {
                view["status"] = "unknown";
                foreach (var cached in CachedKeys)
                    view.Remove(cached);
            }
            return view;
        });
    }

    public static async Task<Dictionary<string, object?>> StatusAsync(Guest guest, Site site, CancellationToken cancel)
    {
        var running = await site.IsRunningAsync(guest, cancel);
        return site.Cluster.Read(_ =>
        {
            var view = Common(guest, running ? "running" : "stopped");
            view["qmpstatus"] = view["status"];
            view["uptime"] = running && guest.StartedAt is { } start ? Math.Max(1, (long)(site.Time.GetUtcNow() - start).TotalSeconds) : 0;
            view["ha"] = new Dictionary<string, int> { ["managed"] = 0 };
            if (running)
                view["pid"] = guest.ProcessId;
            if (running && ConfigValues.HasAgent(guest.Config))
                view["agent"] = 1;
            return view;
        });
    }

    private static Dictionary<string, object?> Common(Guest guest, string status)
    {
        var view = new Dictionary<string, object?>
        {
            ["vmid"] = guest.VmId,
            ["name"] = guest.Name,
            ["status"] = status,
            ["cpus"] = Math.Min(Environment.ProcessorCount, ConfigValues.Cores(guest.Config)),
            ["maxmem"] = ConfigValues.MemoryMiB(guest.Config) << 20,
            ["maxdisk"] = ConfigValues.BootDiskSize(guest.Config),
            ["mem"] = 0,
            ["disk"] = 0,
            ["netin"] = 0,
            ["netout"] = 0,
            ["cpu"] = 0,
        };
        if (guest.IsTemplate)
            view["template"] = 1;
        foreach (var key in ShownKeys.Where(guest.Config.ContainsKey))
            view[key] = guest.Config[key];
        return view;
    }

    /// <summary>A configuration as JSON: whole numbers as numbers, except the keys that are text in the schema.</summary>
    public static Dictionary<string, object?> Config(IReadOnlyDictionary<string, string> config, string digest, Site site)
    {
        var view = config.ToDictionary(entry => entry.Key, entry => Value(entry.Key, entry.Value, site));
        view["digest"] = digest;
        return view;
    }

    public static object? Value(string key, string value, Site site) =>
        key == "cipassword" ? "**********"
        : ConfigValues.IsNumber(key, site.Version)
        && long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
        : value;
}
