using System.Text.Json;
using System.Text.Json.Serialization;

namespace Supervisor.Evidence;

/// <summary>What is kept of one job after its container is gone; null is what could not be known.</summary>
internal sealed record JobRecord
{
    public required DateTimeOffset Ended { get; init; }

    // What the job says of itself; see JobIdentity.
    public string? Repository { get; init; }
    public string? Workflow { get; init; }
    public long? RunId { get; init; }
    public int? RunAttempt { get; init; }
    public string? Event { get; init; }
    public string? Job { get; init; }

    public required string Slot { get; init; }
    public required string Pool { get; init; }
    public required string Runner { get; init; }
    public required string Image { get; init; }

    /// <summary>From the job's being queued to a runner's taking it.</summary>
    public double? QueueSeconds { get; init; }
    public DateTimeOffset? Started { get; init; }
    public double? Seconds { get; init; }

    /// <summary><c>succeeded</c>, <c>failed</c>, <c>canceled</c> as the runner said, or <c>lost</c>: it ended without saying.</summary>
    public required string Conclusion { get; init; }
    public int ExitCode { get; init; }
    public bool OutOfMemory { get; init; }
    public long? PeakMemoryBytes { get; init; }
    public long? PeakPids { get; init; }
    public double? CpuSeconds { get; init; }
    public long? ReadBytes { get; init; }
    public long? WrittenBytes { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, EvidenceJson.Default.JobRecord);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(JobRecord))]
internal sealed partial class EvidenceJson : JsonSerializerContext;
