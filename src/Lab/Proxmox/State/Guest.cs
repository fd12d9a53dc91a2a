using System.Text.Json.Serialization;

namespace Lab.Proxmox.State;

/// <summary>A virtual machine, or a container that only takes its id. Configuration values are text, as in the guest's file.</summary>
internal sealed class Guest
{
    public required int VmId { get; init; }

    public required string Node { get; init; }

    /// <summary>`qemu` or `lxc`.</summary>
    public required string Kind { get; init; }

    public string? Pool { get; set; }

    /// <summary>The template that its disks are linked to.</summary>
    public int? LinkedTo { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>Of the process that runs it; another one after every start.</summary>
    public int ProcessId { get; set; }

    public DateTimeOffset? CreatedAt { get; set; }

    public List<GuestSnapshot> Snapshots { get; init; } = [];

    /// <summary>The snapshot that the current state comes from.</summary>
    public string? Parent { get; set; }

    public SortedDictionary<string, string> Config { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Values that wait for the next start.</summary>
    public SortedDictionary<string, string> Pending { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Keys that go away at the next start, and whether by force.</summary>
    public SortedDictionary<string, bool> PendingDelete { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The cloud-init values that are on the drive; null before the drive was first written.</summary>
    public SortedDictionary<string, string>? OnCloudInitDrive { get; set; }

    [JsonIgnore]
    public string? Lock
    {
        get => Config.GetValueOrDefault("lock");
        set
        {
            if (value is null)
                Config.Remove("lock");
            else
                Config["lock"] = value;
        }
    }

    [JsonIgnore]
    public bool IsTemplate => Config.GetValueOrDefault("template") == "1";

    [JsonIgnore]
    public string Name => Config.GetValueOrDefault("name") ?? $"VM {VmId}";

    /// <summary>What the configuration will be after the next start.</summary>
    [JsonIgnore]
    public SortedDictionary<string, string> Planned
    {
        get
        {
            var planned = new SortedDictionary<string, string>(Config, StringComparer.Ordinal);
            foreach (var key in PendingDelete.Keys)
                planned.Remove(key);
            foreach (var (key, value) in Pending)
                planned[key] = value;
            return planned;
        }
    }

    public void ApplyPending()
    {
        foreach (var key in PendingDelete.Keys)
            Config.Remove(key);
        foreach (var (key, value) in Pending)
            Config[key] = value;
        PendingDelete.Clear();
        Pending.Clear();
    }
}
