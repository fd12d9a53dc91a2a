using RunnerBuild.Config;
using RunnerBuild.Facts;
using RunnerBuild.Remote;

namespace RunnerBuild.Desired;

/// <summary>What BootstrapHost brings about: a Docker Engine, an account and folders, the right time, and upgrades that leave jobs alone.</summary>
internal static class HostBaseline
{
    public const string Account = "github-runner";
    private const int AccountNumber = 1100;
    public const string UpgradePolicy = "/etc/apt/apt.conf.d/52github-runners";
    private const string UpgradeUnit = "apt-daily-upgrade.service";
    public const string UpgradeDropIn = $"/etc/systemd/system/{UpgradeUnit}.d/github-runners.conf";
    private const string DockerSources = "/etc/apt/sources.list.d/docker.sources";
    private const string DockerKey = "/etc/apt/keyrings/docker.asc";

    public static IEnumerable<HostResource> Of(Host host, HostFacts facts)
    {
        var daemon = facts.Files.GetValueOrDefault(HostPaths.Daemon)?.Text;
        var address = PullThroughMirror.AddressFor(host, facts);
        // Before the engine, so that its first start already has it.
        yield return new HostDirectory("/etc/docker");
        yield return new HostFile(
            HostPaths.Daemon, new FileContent.Plain(EngineConfiguration.ForHost(host.Engine, facts.Mtu, daemon, address)), KeepsForeign: true,
            Note: EngineConfiguration.Note(daemon, host.Engine, facts.Mtu, address));
        var packages = EnginePackages.Of(host.Engine.Source, facts.System);
        // Where the packages are, so is a source that they came from.
        if (host.Engine.Source == EngineSource.Docker && !packages.All(facts.Packages.ContainsKey))
            yield return new AptSource(DockerSources, DockerKey, facts.System);
        var mirror = PullThroughMirror.IsWanted(host, facts);
        if (mirror)
            yield return PullThroughMirror.UnitFileOf();
        yield return new Packages([.. packages, .. mirror ? [PullThroughMirror.Package] : Array.Empty<string>()]);
        if (!EnginePackages.TimeSynchronization.Any(facts.Packages.ContainsKey))
            yield return new Packages([EnginePackages.TimeSynchronization[0]]);
        yield return new SystemAccount(Account, AccountNumber, HostPaths.Work);
        yield return new HostDirectory(HostPaths.Root);
        yield return new HostDirectory(HostPaths.Programs);
        yield return new HostDirectory(HostPaths.Work, "0750", $"{Account}:{Account}");
        yield return new HostDirectory(HostPaths.Settings);
        yield return new HostDirectory(HostPaths.Credentials, "0700");
        yield return new HostDirectory(HostPaths.Jobs, "0700");
        yield return new HostFile(UpgradePolicy, new FileContent.Plain(EmbeddedText.Read("apt-upgrades.conf")));
        yield return new HostDirectory(Path.GetDirectoryName(UpgradeDropIn)!);
        yield return new HostFile(UpgradeDropIn, new FileContent.Plain(EmbeddedText.Read("apt-daily-upgrade.conf")));
        yield return new Unit(UpgradeUnit, [], Active: false, Enabled: false);
        yield return new Unit("docker.service", [HostPaths.Daemon], ReloadsFirst: true);
        if (mirror)
        {
            yield return PullThroughMirror.ConfigurationOf(host);
            yield return new Unit(PullThroughMirror.Unit, [PullThroughMirror.UnitFile, PullThroughMirror.Configuration]);
        }

        // In a container the clock is its machine's.
        if (!EnginePackages.TimeSynchronization.Skip(1).Any(facts.Packages.ContainsKey))
            yield return new Unit("systemd-timesyncd.service", [], Active: !IsContainer(facts));
    }

    /// <summary>The files and units that the facts must tell about.</summary>
    public static IEnumerable<string> Files { get; } =
    [
        "/etc/docker", HostPaths.Daemon, DockerSources, DockerKey, HostPaths.Root, HostPaths.Programs, HostPaths.Work, HostPaths.Settings,
        HostPaths.Credentials, HostPaths.Jobs, UpgradePolicy, Path.GetDirectoryName(UpgradeDropIn)!, UpgradeDropIn,
        .. PullThroughMirror.Files,
    ];

    /// <summary>Those whose content plans show.</summary>
    public static IEnumerable<string> Texts { get; } =
        [HostPaths.Daemon, DockerSources, PullThroughMirror.UnitFile, PullThroughMirror.Configuration, UpgradePolicy, UpgradeDropIn];

    public static IEnumerable<string> Units { get; } = ["docker.service", PullThroughMirror.Unit, "systemd-timesyncd.service", UpgradeUnit];

    private static bool IsContainer(HostFacts facts) => facts.Virtualization is "docker" or "lxc" or "podman" or "systemd-nspawn" or "container-other";
}
