using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;

namespace RunnerBuild.Planning;

/// <summary>What a host must be before anything is changed on it.</summary>
internal static class HostRequirements
{
    private static readonly string[] Systems = ["debian 12", "debian 13", "ubuntu 22.04", "ubuntu 24.04"];
    private const long LeastDisk = 4L << 30;

    /// <param name="installs">Something is about to be installed, which needs room.</param>
    public static IEnumerable<Change> Diff(Host host, HostFacts facts, bool installs)
    {
        var system = $"{facts.System.Id} {facts.System.Version}";
        if (!Systems.Contains(system))
            yield return Refuse("system", system, string.Join(", ", Systems), "Use a machine with one of these systems.");
        if (facts.Architecture is not ("amd64" or "arm64"))
            yield return Refuse("architecture", facts.Architecture, "amd64 or arm64", "Use another machine: there is no runner program for this one.");
        if (facts.SnapDocker)
            yield return Refuse("engine", "a snap", "a package", "A snap's engine sees neither daemon.json nor the runners' folders. `snap remove docker` (its containers go with it), then run this again.");
        if (facts.Engine is { Swarm: not ("inactive" or "") } swarm)
            yield return Refuse("swarm", swarm.Swarm, "inactive", "Runners need live-restore, and dockerd does not start with it as a node of a swarm. `docker swarm leave` there, or use another machine.");
        if (EnginePackages.Rival(host.Engine.Source, facts) is { } rival)
            yield return Refuse(
                "engine", rival, $"{host.Engine.Source}", "Set engine.source to what is installed, or remove that package when no job runs.");
        if (installs && facts.Disk.Available < LeastDisk)
            yield return Refuse(
                "disk", $"{facts.Disk.Available >> 20} MiB free", $"{LeastDisk >> 20} MiB", "Make room (`docker system df`, `du -xh / | sort -h | tail`) or enlarge the disk.");
    }

    private static Change Refuse(string field, string from, string to, string fix) => new("host", field, from, to, [], Refusal: fix);
}
