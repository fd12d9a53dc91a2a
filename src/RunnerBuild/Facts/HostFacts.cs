using System.Collections.Immutable;

namespace RunnerBuild.Facts;

/// <summary>What is true on a host at one moment, as far as the fleet cares. Absent things are absent here; a question that failed is an error.</summary>
/// <param name="ClockOffset">The host's clock minus this machine's.</param>
/// <param name="Mtu">Bytes, of the network card with the default route.</param>
internal sealed record HostFacts(
    OperatingSystem System, string Architecture, DiskSpace Disk, TimeSpan ClockOffset, string Virtualization,
    string Uuid, int Mtu, CloudInit CloudInit,
    ImmutableDictionary<string, string> Packages,
    ImmutableDictionary<string, Account> Accounts,
    ImmutableDictionary<string, FileFact> Files,
    ImmutableDictionary<string, UnitFact> Units,
    EngineFact? Engine,
    ImmutableHashSet<string> Images,
    ImmutableArray<ContainerFact> Containers,
    SupervisorStatus? Supervisor)
{
    /// <summary>Paths of what is kept under /etc/github-runners for the supervisor: a file each credential, a folder each pool with files for jobs.</summary>
    public ImmutableArray<string> Stored { get; init; } = [];

    /// <summary>Files of apt's sources that name Docker's own repository.</summary>
    public ImmutableArray<string> DockerSources { get; init; } = [];

    /// <summary>Docker is installed as a snap.</summary>
    public bool SnapDocker { get; init; }

    /// <summary>The images of those asked about that are there.</summary>
    public ImmutableHashSet<string> Pulled { get; init; } = [];

    /// <summary>The host's address on the network that containers are on when nothing else is said; null: there is none yet.</summary>
    public string? Bridge { get; init; }

    /// <summary>The images that were built by this program, newest first.</summary>
    public ImmutableArray<string> Built { get; init; } = [];

    /// <summary>The images that any container of the host is made from.</summary>
    public ImmutableHashSet<string> Used { get; init; } = [];

    public EarlierInstallation Earlier { get; init; } = EarlierInstallation.None;
}

/// <param name="Id">`debian` or `ubuntu`.</param>
internal sealed record OperatingSystem(string Id, string Version, string Codename);

/// <summary>Of the root file system, in bytes.</summary>
internal sealed record DiskSpace(long Size, long Available)
{
    public int UsedPercent => Size == 0 ? 0 : (int)(100 * (Size - Available) / Size);
}

internal enum CloudInit { Absent, Running, Done }

internal sealed record Account(int Uid, int Gid, string Home, ImmutableHashSet<string> Groups);

/// <param name="Mode">Octal with a leading zero; of a link: empty.</param>
/// <param name="Hash">SHA-256 of nonce and content; of a directory: empty; of a link: its target.</param>
/// <param name="Modified">Seconds since 1970.</param>
/// <param name="Text">The content, where it was asked for; null: it was not, or is large.</param>
internal sealed record FileFact(FileKind Kind, string Mode, string Owner, string Hash, double Modified, string? Text = null);

internal enum FileKind { File, Directory, Link }

/// <param name="ActiveSince">Seconds since 1970; 0 when it never ran.</param>
internal sealed record UnitFact(string Active, string FileState, bool NeedsDaemonReload, double ActiveSince);

/// <param name="LiveRestore">In force now: containers go on while dockerd restarts.</param>
/// <param name="Swarm">State of the host as a node of a swarm; `inactive`: it is none.</param>
/// <param name="BuildKit">Its command line can build with BuildKit.</param>
internal sealed record EngineFact(string Version, string ApiVersion, bool LiveRestore = false, string Swarm = "inactive", bool BuildKit = false);

/// <summary>A container of the compose project `github-runners`.</summary>
/// <param name="Host">The fleet's name of the host that its runner was made for; empty: not made by the supervisor.</param>
/// <param name="Credential">Name of the credential that its runner was registered with.</param>
internal sealed record ContainerFact(string Name, string Image, string State, string Runner, string Host = "", string Credential = "");
