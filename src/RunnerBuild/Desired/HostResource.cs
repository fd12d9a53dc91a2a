using System.Collections.Immutable;
using RunnerBuild.Remote;

namespace RunnerBuild.Desired;

/// <summary>Something that must exist on a host. Inert: it knows neither the host nor how to get there.</summary>
internal abstract record HostResource
{
    /// <summary>How plans and messages name it, such as `file/etc/docker/daemon.json`.</summary>
    public abstract string Id { get; }
}

/// <summary>Packages of the distribution, any version; what is missing is installed in one transaction.</summary>
internal sealed record Packages(ImmutableArray<string> Names) : HostResource
{
    public override string Id => "packages";
}

/// <summary>A system account without a password, alone in its own group.</summary>
internal sealed record SystemAccount(string Name, int Number, string Home) : HostResource
{
    public override string Id => $"user/{Name}";
}

/// <param name="Mode">Octal with a leading zero, such as `0755`.</param>
/// <param name="Owner">`user:group`.</param>
internal sealed record HostDirectory(string Path, string Mode = "0755", string Owner = "root:root") : HostResource
{
    public override string Id => $"directory{Path}";
}

/// <param name="Mode">Octal with a leading zero, such as `0644`.</param>
/// <param name="Owner">`user:group`.</param>
/// <param name="KeepsForeign">What was there on a machine that is not ours yet is kept beside it, as PATH.before.</param>
internal sealed record HostFile(
    string Path, FileContent Content, string Mode = "0644", string Owner = "root:root", bool KeepsForeign = false) : HostResource
{
    public override string Id => $"file{Path}";
}

internal sealed record HostLink(string Path, string Target) : HostResource
{
    public override string Id => $"link{Path}";
}

/// <summary>A systemd unit that is enabled and active unless told otherwise, and whose definition systemd knows as it is on disk.</summary>
/// <param name="RestartedBy">Files that it reads only when it starts: one that is newer than its start means a restart.</param>
/// <param name="ReloadsFirst">What a reload can bring in force is, before the restart: dockerd's live-restore, so that the restart spares containers.</param>
/// <param name="Enabled">False: whether it is enabled is for others to say.</param>
/// <param name="Build">SHA-256 that the supervisor must report of the program that it runs; null: it is no supervisor.</param>
internal sealed record Unit(
    string Name, ImmutableArray<string> RestartedBy, bool Active = true, bool ReloadsFirst = false, bool Enabled = true, string? Build = null) : HostResource
{
    public override string Id => $"unit/{Name}";
}
