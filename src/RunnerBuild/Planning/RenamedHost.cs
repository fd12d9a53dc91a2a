using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;

namespace RunnerBuild.Planning;

/// <summary>
/// A host that has another name in the fleet than its runners were made for. The supervisor knows its own by that name, so those of the old
/// name end first: the idle ones with the service, each busy one after its job.
/// </summary>
internal static class RenamedHost
{
    private const string EndRunners = """
        set -eu
        systemctl stop "$1"
        while running=$(docker ps --filter "label=runnerbuild.host=$2" --format '{{.Names}}' | sort | tr '\n' ' ') && [ -n "$running" ]; do
          echo "waiting for the jobs of $running"
          sleep 2
        done
        docker ps --all --quiet --filter "label=runnerbuild.host=$2" | xargs -r docker rm --volumes >/dev/null
        """;

    public static IEnumerable<Change> Diff(Host host, HostFacts facts) => Others(host, facts).Select(name => new Change(
        "host", "name", name, host.Name, [new RunScript($"end the runners of {name}, each when it has no job", EndRunners, [HostPaths.ServiceUnit, name])]));

    /// <summary>The host as it is after that: the service is to be started with its new settings.</summary>
    public static HostFacts After(Host host, HostFacts facts) => !Others(host, facts).Any() || !facts.Units.TryGetValue(HostPaths.ServiceUnit, out var unit)
        ? facts
        : facts with { Supervisor = null, Units = facts.Units.SetItem(HostPaths.ServiceUnit, unit with { Active = "inactive" }) };

    private static IEnumerable<string> Others(Host host, HostFacts facts) =>
        facts.Containers.Select(container => container.Host).Where(name => name.Length > 0 && name != host.Name).Distinct();
}
