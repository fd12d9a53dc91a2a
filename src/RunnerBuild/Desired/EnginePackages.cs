using System.Collections.Immutable;
using RunnerBuild.Config;
using RunnerBuild.Facts;
using OperatingSystem = RunnerBuild.Facts.OperatingSystem;

namespace RunnerBuild.Desired;

/// <summary>What the Docker Engine and its compose plugin are called where.</summary>
internal static class EnginePackages
{
    private static readonly ImmutableArray<string> Dockers = ["docker-ce", "docker-ce-cli", "containerd.io", "docker-buildx-plugin", "docker-compose-plugin"];

    public static ImmutableArray<string> Of(EngineSource source, OperatingSystem system) => (source, system) switch
    {
        (EngineSource.Docker, _) => Dockers,
        // Debian 12 has neither the compose plugin nor buildx; its engine carries the command line.
        (_, { Id: "debian", Version: "12" }) => ["docker.io", "iptables"],
        (_, { Id: "ubuntu" }) => ["docker.io", "docker-compose-v2", "docker-buildx", "iptables"],
        _ => ["docker.io", "docker-cli", "docker-compose", "docker-buildx", "iptables"],
    };

    /// <summary>Programs that keep the clock right; any one will do.</summary>
    public static ImmutableArray<string> TimeSynchronization { get; } = ["systemd-timesyncd", "chrony", "ntpsec", "ntp", "openntpd"];

    /// <summary>Every name that could be asked about, whatever the system turns out to be.</summary>
    public static ImmutableArray<string> All { get; } =
        [.. Dockers, "docker.io", "docker-cli", "docker-compose", "docker-compose-v2", "docker-buildx", "iptables", PullThroughMirror.Package, .. TimeSynchronization];

    /// <summary>The engine of the other source, when that is what is installed.</summary>
    public static string? Rival(EngineSource source, HostFacts facts) =>
        new[] { source == EngineSource.Docker ? "docker.io" : "docker-ce" }.FirstOrDefault(facts.Packages.ContainsKey);
}
