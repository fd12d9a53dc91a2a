using Supervisor.Evidence;

namespace Supervisor.Slots;

/// <summary>What came of a slot's step.</summary>
internal abstract record Outcome
{
    /// <summary>A runner's container was started.</summary>
    internal sealed record Spawned(string Runner) : Outcome;

    /// <summary>A container ended by itself and was removed.</summary>
    /// <param name="Lifetime">Null: it was never started.</param>
    /// <param name="Usage">Null: it could not be read.</param>
    /// <param name="Trace">What the history is written from.</param>
    /// <param name="LeftBehind">Why its registration could not be deleted; the janitor does it later.</param>
    internal sealed record Ended(int ExitCode, TimeSpan? Lifetime, bool OutOfMemory, RunnerProgress Progress, string? LeftBehind, JobUsage? Usage = null, RunnerTrace? Trace = null) : Outcome;

    /// <summary>An idle runner was deregistered, then its container removed.</summary>
    internal sealed record Recycled : Outcome;

    /// <summary>A runner whose job is completed no longer stands in the next one's way.</summary>
    internal sealed record SetAside(RunnerProgress Progress) : Outcome;

    /// <summary>The runner has a job, so it was left alone.</summary>
    internal sealed record StillBusy : Outcome;

    internal sealed record Failed(Setback Setback) : Outcome;

    /// <summary>The service is stopping.</summary>
    internal sealed record Cancelled : Outcome;
}
