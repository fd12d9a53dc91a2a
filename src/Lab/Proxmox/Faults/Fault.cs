using System.Text.Json.Serialization;

namespace Lab.Proxmox.Faults;

[JsonConverter(typeof(JsonStringEnumConverter<FaultKind>))]
internal enum FaultKind
{
    /// <summary>The task is listed as running until somebody aborts it; nothing is done.</summary>
    TaskNeverEnds,

    /// <summary>The task ends with <see cref="Fault.Text"/> and nothing is done.</summary>
    TaskFails,

    /// <summary>The task does its work and ends with `WARNINGS: 2`.</summary>
    TaskWarns,

    /// <summary>The guest named in the path is locked with <see cref="Fault.Text"/> for <see cref="Fault.Seconds"/>, from the matching request on.</summary>
    LockHeld,

    /// <summary>Status 595 and nothing is done, as when the node behind the one that was asked does not answer.</summary>
    NoConnection,

    /// <summary>The request is carried out, and the connection breaks instead of an answer.</summary>
    LostAnswer,

    /// <summary>The node named in <see cref="Fault.Text"/> is offline.</summary>
    NodeOffline,

    /// <summary>The cluster has no majority: every write is refused.</summary>
    NoQuorum,
}

/// <summary>Something that goes wrong in the double.</summary>
/// <param name="Match">`METHOD path` of a request, or the type of a task, contains this; empty: all do.</param>
/// <param name="Times">How often.</param>
internal sealed record Fault(FaultKind Kind, string Match = "", string Text = "", int Times = 1, double Seconds = 3);
