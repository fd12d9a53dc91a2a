using Supervisor.Slots;

namespace Supervisor.Evidence;

/// <summary>What was read of a runner's container before it was removed.</summary>
/// <param name="Job">Null: no job, or an image whose hook does not say.</param>
internal sealed record RunnerTrace(RunnerContainer Container, DateTimeOffset? Finished, JobIdentity? Job);
