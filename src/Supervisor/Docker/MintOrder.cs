using Supervisor.Configuration;

namespace Supervisor.Docker;

/// <summary>What one runner is to be made from.</summary>
/// <param name="Hash">Of all that shapes the container; see <see cref="PoolHash"/>.</param>
/// <param name="EngineProven">A container like this one has come to listen for jobs, so the job's own engine will start.</param>
/// <param name="Labels">The pool's, or the one label of a probe.</param>
internal sealed record MintOrder(string Host, string Slot, int Number, PoolSettings Pool, string Hash, IReadOnlyList<string> Labels, bool EngineProven = false);
