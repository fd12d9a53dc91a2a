using System.Collections.Immutable;
using RunnerBuild.Config;
using RunnerBuild.Facts;

namespace RunnerBuild.Planning;

/// <summary>
/// A run that is itself a job on one of the fleet's runners: the runner gives its jobs `RUNNER_NAME`, and no two runners ever have the same
/// name, so the host whose supervisor or engine knows that runner is the one below this run.
/// </summary>
internal static class OwnHost
{
    private static readonly string[] Engines = ["docker.io", "docker-ce", "containerd.io", "containerd"];

    /// <param name="runner">Name of the runner that this run is a job of; null: it is none.</param>
    /// <returns>The slot, or the earlier runner's container, that this run is the job of; null: not on this host.</returns>
    public static string? SlotOf(HostFacts facts, string? runner) => string.IsNullOrEmpty(runner)
        ? null
        : facts.Supervisor?.Slots.FirstOrDefault(slot => slot.Runner == runner)?.Name
            ?? facts.Containers.FirstOrDefault(container => container.Runner == runner)?.Name
            ?? facts.Earlier.Runners.FirstOrDefault(earlier => earlier.Name == runner)?.Container;

    /// <summary>The same changes, where those that would end the job of this run are refused.</summary>
    /// <param name="own">The slot of this host that this run is the job of; null: none, and nothing is refused.</param>
    public static ImmutableArray<Change> Spare(ImmutableArray<Change> changes, Host host, HostFacts facts, string? own, string target)
    {
        if (own is null)
            return changes;
        return [.. changes.Select(change => Harm(change, host, facts, own) is { } harm ? change with { Steps = [], Refusal = Refusal(harm, host, own, target) } : change)];
    }

    public static string Refusal(string harm, Host host, string own, string target) =>
        $"This run is the job of {own} on this host, and {harm}. Run it from elsewhere: `./build.sh {target} --limit {host.Name}`.";

    private static string? Harm(Change change, Host host, HostFacts facts, string own) => change.Resource switch
    {
        "packages" when change.To is { } names && names.Split(' ').Intersect(Engines).Any() => "installing the engine restarts it",
        "unit/docker.service" when change.Field == "state" && facts.Engine is not { LiveRestore: true } =>
            "dockerd is not set to live-restore, so its restart ends all containers",
        "unit/docker.service" when change.Field == "state" && UsesHostEngine(host, facts, own) => "its restart cuts off what the job does with the host's engine",
        "host" when change.Field == "name" => "all runners end when their host is renamed",
        _ when change.Resource.StartsWith("earlier/", StringComparison.Ordinal) && change.Resource.EndsWith($"/{own}", StringComparison.Ordinal) =>
            "taking over ends that runner",
        _ => null,
    };

    // With an engine of its own, or with none, a job does not notice.
    private static bool UsesHostEngine(Host host, HostFacts facts, string own)
    {
        var pool = facts.Supervisor?.Slots.FirstOrDefault(slot => slot.Name == own)?.Pool;
        return host.Pools.FirstOrDefault(entry => entry.Name == pool)?.Docker is not (DockerMode.Dind or DockerMode.None);
    }
}
