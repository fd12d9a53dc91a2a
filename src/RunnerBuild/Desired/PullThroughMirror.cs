using RunnerBuild.Config;
using RunnerBuild.Facts;
using RunnerBuild.Remote;

namespace RunnerBuild.Desired;

/// <summary>A host's own copy of what its jobs pull: the engine inside each job starts with an empty store, so without it each would pull anew.</summary>
internal static class PullThroughMirror
{
    public const string Package = "docker-registry";
    public const string Unit = "docker-registry.service";

    /// <summary>In the place of the package's own unit, which would serve on every address of the host as soon as it is installed.</summary>
    public const string UnitFile = $"/etc/systemd/system/{Unit}";
    public const string Configuration = $"{HostPaths.Settings}/mirror.yml";
    public const string Store = "/var/lib/github-runners-mirror";
    public const int Port = 5050;

    /// <summary>Where it tells, on the host alone, how often it was asked and had what was asked for.</summary>
    public const int CountsPort = 5051;

    /// <summary>The files that the facts must tell about.</summary>
    public static IEnumerable<string> Files { get; } = [UnitFile, Configuration, Store];

    /// <summary>Whether the host is to have one. A registry that somebody else installed there is left as it is.</summary>
    public static bool IsWanted(Host host, HostFacts facts) => MayBeOn(host) && !IsForeign(facts);

    public static bool MayBeOn(Host host) => host.Engine.PullThrough is not null && host.Pools.Any(pool => pool is { Docker: DockerMode.Dind, Count: > 0 });

    public static bool IsForeign(HostFacts facts) => facts.Packages.ContainsKey(Package) && !facts.Files.ContainsKey(UnitFile);

    /// <summary>Where jobs reach it; null: there is none.</summary>
    public static string? AddressFor(Host host, HostFacts facts) =>
        IsWanted(host, facts) && facts.Bridge is { } bridge ? $"http://{bridge}:{Port}" : null;

    public static HostFile UnitFileOf() => new(
        UnitFile, new FileContent.Plain(EmbeddedText.Read(Unit).Replace("@PORT@", $"{Port}", StringComparison.Ordinal)));

    public static HostFile ConfigurationOf(Host host) => new(Configuration, new FileContent.Plain($$"""
        version: 0.1
        log:
          level: warn
          accesslog: { disabled: true }
        storage:
          filesystem: { rootdirectory: {{Store}} }
          # What nobody asked for in a week goes.
          delete: { enabled: true }
        http:
          debug: { addr: '127.0.0.1:{{CountsPort}}' }
        proxy:
          remoteurl: '{{host.Engine.PullThrough!.Replace("'", "''", StringComparison.Ordinal)}}'

        """));
}
