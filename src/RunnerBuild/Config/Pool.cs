using System.Collections.Immutable;

namespace RunnerBuild.Config;

internal enum DockerMode { Dind, Socket, None }

/// <summary>Runners on one host that are alike.</summary>
/// <param name="Count">How many jobs run at once; 0 is allowed and keeps the pool defined.</param>
/// <param name="Group">Runner group by name; null: the scope's default.</param>
/// <param name="Cpus">Cores each runner may use; null: no limit.</param>
/// <param name="MemoryMiB">Mebibytes each runner may use; null: no limit.</param>
/// <param name="ReserveCpus">Cores each runner counts for in the host's budget; null: none.</param>
/// <param name="ReserveMemoryMiB">Mebibytes each runner counts for in the host's budget; null: none.</param>
/// <param name="Pids">Processes and threads each runner may have.</param>
/// <param name="Image">Reference of an image to use instead of the one the recipe builds; null: the built one.</param>
/// <param name="Environment">Variables every job gets; no secrets.</param>
/// <param name="SshKey">Private key for the jobs' ssh client; null: none.</param>
/// <param name="Gpus">`all`, a count, or device ids; null: none.</param>
internal sealed record Pool(
    string Name, GitHubScope Scope, int Count, ImmutableArray<string> Labels, string? Group, double? Cpus, int? MemoryMiB, double? ReserveCpus, int? ReserveMemoryMiB, int Pids,
    DockerMode Docker, string? Image, ImmutableSortedDictionary<string, string> Environment, SecretReference? SshKey,
    ImmutableArray<string> KnownHosts, string? Gpus)
{
    /// <summary>Its jobs may have the fleet's image refreshed, and follow that.</summary>
    public bool RefreshDoor { get; init; }
}
