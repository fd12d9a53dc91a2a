using System.Collections.Immutable;

namespace RunnerBuild.Facts;

/// <summary>A job of a run, as GitHub shows it.</summary>
/// <param name="Status">`queued`, `waiting`, `pending`, `in_progress` or `completed`.</param>
/// <param name="Runner">Null until one has it.</param>
internal sealed record QueuedJob(string Name, string Status, ImmutableArray<string> Labels, string? Runner, string? Conclusion = null);

/// <summary>A runner that is registered where the job's repository could be served.</summary>
/// <param name="Group">Null in a repository, which has none.</param>
/// <param name="Admitted">Whether its group takes jobs of the repository.</param>
internal sealed record CandidateRunner(string Name, ImmutableArray<string> Labels, bool Online, bool Busy, string? Group, bool Admitted);

/// <summary>A slot of the fleet whose pool serves the repository.</summary>
/// <param name="Labels">Of its pool: what its next runner will have.</param>
internal sealed record CandidateSlot(string Host, string Slot, ImmutableArray<string> Labels, string State, string? Reason, bool Drained);

/// <summary>All that tells why a job waits.</summary>
/// <param name="Scopes">Of the fleet, that serve the repository: `orgs/acme`.</param>
/// <param name="Silent">Hosts that do not answer, and why.</param>
internal sealed record QueueFacts(
    string Repository, string RunStatus, ImmutableArray<string> Scopes, ImmutableArray<CandidateRunner> Runners, ImmutableArray<CandidateSlot> Slots, ImmutableArray<string> Silent);
