using System.Collections.Immutable;
using RunnerBuild.Config.Yaml;

namespace RunnerBuild.Config.Sections;

/// <summary>A whole fleet file.</summary>
internal static class FleetSection
{
    private static readonly Key<LabSettings> Lab = new(
        "lab", "Makes this the embedded lab's fleet, and says where the lab puts itself", LabSection.Shape);
    private static readonly Key<Settings> GitHub = new(
        "github", "Where runners are registered, if their pool does not say otherwise", GitHubSection.Section);
    private static readonly Key<ProxmoxEndpoint> Proxmox = new(
        "proxmox", "The Proxmox VE cluster that VMs are made on which name none; needed when there is one", ProxmoxSection.Shape);
    private static readonly Key<ImmutableArray<Named<ProxmoxEndpoint>>> Clusters = new(
        "clusters", "More Proxmox VE clusters, by a name that a vm's cluster can say",
        new MapOf<ProxmoxEndpoint>(Names.ShortLabelPattern, "1 to 32 lower-case letters, digits and hyphens, no hyphen first or last", ProxmoxSection.Shape, 1, 50));
    private static readonly Key<string> KnownHosts = new(
        "knownHosts", "OpenSSH known_hosts file that pins the hosts' keys; without, this file's name with .known_hosts for its ending",
        Files.AnyPath);
    private static readonly Key<Settings> Defaults = new(
        "defaults", "What holds for every host and pool that does not say otherwise", DefaultsSection.Section);
    private static readonly Key<ImmutableArray<Named<Settings>>> Hosts = new(
        "hosts", "The machines that runners live on, by name",
        new MapOf<Settings>(Names.ShortLabelPattern, Names.ShortLabelExpectation, HostSection.Section, 1, 500))
        { Required = true };
    private static readonly Key<Settings> Image = new("image", "What the runner image is made of", ImageSection.Section) { Default = "{}" };
    private static readonly Key<Settings> Canary = new(
        "canary", "The workflow that proves a runner by running a job", CanarySection.Section);
    private static readonly Key<Settings> Nightly = new(
        "nightly", "When the machine that has this file looks after the fleet by itself", NightlySection.Section);

    public static Section Section { get; } =
        new("fleet", "A fleet of GitHub Actions runners", Lab, GitHub, Proxmox, Clusters, KnownHosts, Defaults, Hosts, Image, Canary, Nightly)
        { Extensible = true };

    /// <summary>Null when the file as a whole is no mapping; otherwise worth something only when no problem was reported.</summary>
    /// <param name="beforeLab">Whether a lab's fleet may name files that its lab has yet to make.</param>
    public static Fleet? Read(Place at, bool beforeLab)
    {
        ReadLabFirst(at);
        at.Reading.FilesMayBeMissing = beforeLab && at.Reading.Lab is not null;
        if (!Section.TryRead(at, out var fleet))
            return null;

        var gitHub = fleet.Find(GitHub)
            ?? (fleet.Said.Contains(GitHub) ? Settings.Unreadable(fleet.PlaceOf(GitHub), GitHubSection.Section) : null);
        var named = fleet.Has(Hosts) ? fleet.Get(Hosts) : [];
        ImmutableArray<Host> hosts = [.. named.Select(host => HostSection.Host(host.Name, host.Value, fleet.Find(Defaults), gitHub))];
        if (!fleet.Said.Contains(Proxmox) && hosts.FirstOrDefault(host => host.Vm is { Cluster: null }) is { } virtualHost)
            at.Say(Proxmox.Name, $"is missing; hosts/{virtualHost.Name} has a vm, which is made on Proxmox VE");
        var clusters = fleet.Has(Clusters) ? fleet.Get(Clusters) : [];
        // What is wrong with the clusters themselves is told already.
        if (fleet.Has(Clusters) || !fleet.Said.Contains(Clusters))
            foreach (var host in hosts.Where(host => host.Vm?.Cluster is { } name && clusters.All(cluster => cluster.Name != name)))
                at.Say($"hosts/{host.Name}", $"names the cluster '{host.Vm!.Cluster}', and clusters has {(clusters.IsEmpty ? "none" : string.Join(", ", clusters.Select(cluster => cluster.Name)))}");
        Uniqueness.Check([.. named.Select(host => host.Value)], hosts);
        var image = ImageSection.Recipe(fleet.Get(Image), hosts);
        if (image.Context is null && image.Tools.All(tool => tool.Name != "docker")
            && hosts.FirstOrDefault(host => host.Pools.Any(pool => pool is { Docker: DockerMode.Dind, Image: null, Count: > 0 })) is { } needing)
            fleet.PlaceOf(Image).Say("tools/docker", $"should be true: hosts/{needing.Name} has a pool whose jobs get an engine of their own (docker: dind), which is in that set");
        return new Fleet(
            at.Reading.File, fleet.Get(Lab), fleet.Get(Proxmox),
            fleet.Get(KnownHosts) ?? Path.ChangeExtension(at.Reading.File, ".known_hosts"),
            hosts, image,
            fleet.Find(Canary) is { } canary ? CanarySection.Canary(canary, gitHub, hosts) : null)
        {
            Nightly = fleet.Find(Nightly) is { } nightly ? NightlySection.Nightly(nightly, gitHub) : null,
            Clusters = clusters.ToImmutableSortedDictionary(cluster => cluster.Name, cluster => cluster.Value, StringComparer.Ordinal),
        };
    }

    /// <summary>Other sections' rules depend on it, wherever in the file it stands.</summary>
    private static void ReadLabFirst(Place at)
    {
        if (at.Node is Node.Map map && map.Entries.FirstOrDefault(entry => entry.Key.Value == Lab.Name) is { } lab
            && Lab.Values.TryRead(at.Below(Lab.Name, lab.Value), out var settings))
            at.Reading.Lab = settings;
    }
}
