using System.Text.Json.Serialization;

namespace Supervisor.Control;

/// <summary>What <c>runnerctl</c> and others ask on the control socket: one line of JSON.</summary>
internal sealed record ControlRequest
{
    public required string Command { get; init; }
    public string? Slot { get; init; }
    public string? Label { get; init; }
    public int? Jobs { get; init; }
    public int? Seconds { get; init; }
}

/// <summary>The answer to everything but <c>status</c>.</summary>
/// <param name="Error">Null when it was done.</param>
internal sealed record ControlReply(bool Ok, string? Error = null);

/// <param name="Build">SHA-256 of the program's own file, lower-case hex.</param>
/// <param name="Configuration">SHA-256 of <c>supervisor.json</c> as loaded, lower-case hex.</param>
/// <param name="Problem">What is wrong beside the slots, such as that the newest <c>supervisor.json</c> is not the one served; null when nothing is.</param>
internal sealed record HostStatus(int Version, string Build, string Configuration, string? Problem, IReadOnlyList<SlotStatus> Slots)
{
    /// <summary>The runner programs in use, as far as GitHub says how long it accepts them.</summary>
    public IReadOnlyList<RunnerVersion> Versions { get => field ?? []; init; }

    /// <summary>How often jobs took an archive of an action since the program started; null where that is not counted.</summary>
    public long? ActionArchivesTaken { get; init; }
}

/// <param name="Until">When GitHub stops to accept it; null: no end is known, as for the newest one.</param>
internal sealed record RunnerVersion(string Scope, string Version, DateTimeOffset? Until)
{
    public double DaysLeftAt(DateTimeOffset now) => Until is { } until ? Math.Round((until - now).TotalDays, 2) : double.PositiveInfinity;
}

internal sealed record SlotStatus
{
    public required string Name { get; init; }
    public required string Pool { get; init; }
    public required string State { get; init; }
    public string? Runner { get; init; }
    public long? RunnerId { get; init; }
    public string? Container { get; init; }
    public required string Image { get; init; }
    public required IReadOnlyList<string> Labels { get; init; }
    public required DateTimeOffset Since { get; init; }

    /// <summary>One sentence; null when the slot serves.</summary>
    public string? Reason { get; init; }

    /// <summary>It is between two runners, which ends by itself: the reason is no trouble.</summary>
    public bool Passing { get; init; }
    public string? Job { get; init; }

    /// <summary>A person took it out of service.</summary>
    public bool Drained { get; init; }

    /// <summary>Its container is made from earlier settings; it is replaced once it has no job.</summary>
    public bool Outdated { get; init; }

    /// <summary>Its job has asked for a refresh of the image, or how far one is.</summary>
    public bool FollowsRefresh { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ControlRequest))]
[JsonSerializable(typeof(ControlReply))]
[JsonSerializable(typeof(HostStatus))]
internal sealed partial class ControlJson : JsonSerializerContext;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(HostStatus))]
internal sealed partial class IndentedControlJson : JsonSerializerContext;
