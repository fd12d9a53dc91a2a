using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;

namespace RunnerBuild.Planning;

/// <summary>Ends the runners that a host has by a name, each when it has no job.</summary>
internal sealed record EndNamed(string Name) : Step
{
    protected override string Text => $"end the runners of {Name}, each when it has no job";
}

/// <summary>
/// A host that has another name in the fleet than its runners were made for. The supervisor knows its own by that name, so those of the old
/// name end first: the idle ones with the service, each busy one after its job.
/// </summary>
internal static class RenamedHost
{
    private const string RemoveEnded = "docker ps --all --quiet --filter \"label=runnerbuild.host=$1\" | xargs -r docker rm --volumes >/dev/null";

    public static IEnumerable<Change> Diff(Host host, HostFacts facts) => Others(host, facts).Select(name => new Change(
        "host", "name", name, host.Name, [new EndNamed(name), new RunScript($"remove what is left of runners of {name}", RemoveEnded, [name])]));

    /// <summary>The host as it is after that: the service is to be started with its new settings.</summary>
    public static HostFacts After(Host host, HostFacts facts) => !Others(host, facts).Any() || !facts.Units.TryGetValue(HostPaths.ServiceUnit, out var unit)
        ? facts
        : facts with { Supervisor = null, Units = facts.Units.SetItem(HostPaths.ServiceUnit, unit with { Active = "inactive" }) };

    private static IEnumerable<string> Others(Host host, HostFacts facts) =>
        facts.Containers.Select(container => container.Host).Where(name => name.Length > 0 && name != host.Name).Distinct();
}
