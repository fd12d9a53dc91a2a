namespace Supervisor.Care;

/// <summary>What the host itself can bear, from <c>supervisor.json</c>.</summary>
/// <remarks>The generated reader sets every init property, absent ones to null: a default has to be in the getter.</remarks>
internal sealed record CareSettings
{
    /// <summary>From this much of Docker's disk in use on, what nobody needs is removed from Docker; percent.</summary>
    public int? DiskWarnPercent { get => field ?? 80; init; }

    /// <summary>From this much of Docker's disk in use on, no slot takes a job; percent.</summary>
    public int? DiskParkPercent { get => field ?? 90; init; }

    /// <summary>Memory that all pools' reservations together may reach; null: what the host has.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Cores that all pools' reservations together may reach; null: what the host has.</summary>
    public double? Cpus { get; init; }

    /// <summary>A program of the host that is told when a slot stays parked and when it serves again; null: none.</summary>
    public string? Notify { get; init; }
}
