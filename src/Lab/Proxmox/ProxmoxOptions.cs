using System.Collections.Immutable;
using Lab.Proxmox.Access;
using Lab.Proxmox.Faults;

namespace Lab.Proxmox;

/// <summary>What the double starts with. Guests, pools and access rules come from the state file instead once it exists.</summary>
internal sealed record ProxmoxOptions
{
    /// <summary>`9.1`, `8.4` or `7.4`: parameters, privileges and answers differ between them.</summary>
    public string Version { get; init; } = "9.1";

    public ImmutableArray<string> Nodes { get; init; } = ["pve"];

    /// <summary>Nodes that are members of the cluster and do not answer.</summary>
    public ImmutableHashSet<string> OfflineNodes { get; init; } = [];

    /// <summary>What goes wrong from the start; more can be switched on later.</summary>
    public ImmutableArray<Fault> Faults { get; init; } = [];

    /// <summary>What can be downloaded: address to `algorithm:digest`.</summary>
    public ImmutableDictionary<string, string> Downloads { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>How long the list of the cluster's guests does not know a new guest's name and what kind of guest it is.</summary>
    public TimeSpan ListLag { get; init; } = TimeSpan.Zero;

    public ImmutableArray<GuestSeed> Guests { get; init; } = [GuestSeed.DebianTemplate(9999, "pve")];

    public ImmutableArray<Storage> Storages { get; init; } = Storage.Defaults;

    public ImmutableArray<ApiToken> Tokens { get; init; } = [];

    public ImmutableArray<User> Users { get; init; } = [new("root@pam", null)];

    public ImmutableArray<AclEntry> Acl { get; init; } = [];

    /// <summary>Roles beside the built-in ones: name to privileges.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>> Roles { get; init; } =
        ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    public ImmutableArray<string> Pools { get; init; } = [];

    /// <summary>Bridges that every node has.</summary>
    public ImmutableArray<string> Bridges { get; init; } = ["vmbr0"];

    /// <summary>SHA-256 of the certificate as `GET /nodes` tells it, upper-case hex with colons; null leaves it out.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>A JSON file written on every change; null keeps the state in memory.</summary>
    public string? StateFile { get; init; }

    /// <summary>A file with one JSON object a line, `{method, path, params}`; null keeps the log in memory.</summary>
    public string? RequestLog { get; init; }

    public TimeSpan UnauthorizedDelay { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long the copy of the disks takes in a clone task.</summary>
    public TimeSpan CloneDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long every other task takes before it acts.</summary>
    public TimeSpan WorkerDelay { get; init; } = TimeSpan.FromMilliseconds(100);
}
