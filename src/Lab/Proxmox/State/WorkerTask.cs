using System.Text.Json.Serialization;

namespace Lab.Proxmox.State;

/// <summary>A task and its log. Times are seconds since 1970.</summary>
internal sealed class WorkerTask
{
    public required string Upid { get; init; }

    public required string Node { get; init; }

    public required int Pid { get; init; }

    public required long ProcessStart { get; init; }

    public required long StartTime { get; init; }

    public required string Type { get; init; }

    /// <summary>Mostly a VMID.</summary>
    public required string Id { get; init; }

    /// <summary>A user or a token.</summary>
    public required string Owner { get; init; }

    public long? EndTime { get; set; }

    /// <summary>`OK`, `WARNINGS: n`, `unexpected status` or the error; null while it runs.</summary>
    public string? ExitStatus { get; set; }

    public List<string> Log { get; init; } = [];

    [JsonIgnore]
    public bool IsRunning => ExitStatus is null;
}
