using System.Collections.Immutable;

namespace RunnerBuild.Config;

/// <summary>A whole fleet file, checked: defaults are resolved, references to secrets are not yet followed.</summary>
/// <param name="File">Absolute path of the fleet file; relative paths in it are relative to its folder.</param>
/// <param name="Lab">Present when the fleet lives in the embedded lab.</param>
/// <param name="Proxmox">The cluster that VMs are made on which name none; null when there is no such VM.</param>
/// <param name="KnownHosts">OpenSSH known_hosts file that pins the hosts' keys; absolute path, may not exist yet.</param>
internal sealed record Fleet(
    string File,
    LabSettings? Lab,
    ProxmoxEndpoint? Proxmox,
    string KnownHosts,
    ImmutableArray<Host> Hosts,
    ImageRecipe Image,
    Canary? Canary)
{
    /// <summary>The clusters beside <see cref="Proxmox"/>, by name.</summary>
    public ImmutableSortedDictionary<string, ProxmoxEndpoint> Clusters { get; init; } = ImmutableSortedDictionary<string, ProxmoxEndpoint>.Empty;

    /// <summary>Null: the fleet is looked after by people alone.</summary>
    public Nightly? Nightly { get; init; }

    /// <summary>Every cluster with its name; null is the name of the one in `proxmox`.</summary>
    public IEnumerable<(string? Name, ProxmoxEndpoint Endpoint)> AllClusters =>
        (Proxmox is null ? [] : new[] { ((string?)null, Proxmox) }).Concat(Clusters.Select(entry => ((string?)entry.Key, entry.Value)));
}

/// <summary>Where the lab puts itself.</summary>
/// <param name="Subnet">CIDR of the lab's own network; its first address is the lab's machine.</param>
internal sealed record LabSettings(string Subnet, int ProxmoxPort, int GitHubPort, int RegistryPort);
