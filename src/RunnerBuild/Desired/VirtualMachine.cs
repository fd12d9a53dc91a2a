using System.Collections.Immutable;
using RunnerBuild.Config;

namespace RunnerBuild.Desired;

/// <summary>The Proxmox virtual machine that a host of the fleet lives on.</summary>
/// <param name="Name">The host's name: the machine's name, and what its mark of ownership says.</param>
/// <param name="User">Login user that cloud-init makes.</param>
internal sealed record VirtualMachine(string Name, string User, VmSpec Spec)
{
    public const string OwnTag = "runnerbuild";

    private const string MarkKey = "runnerbuild:";

    public GuestId Id => new(Spec.Node, Spec.VmId);

    /// <summary>The line of the description that says whose machine it is.</summary>
    public string Mark => $"{MarkKey} {Name}";

    /// <summary>Given with the clone, so that there is no moment at which the machine exists without its mark.</summary>
    public string Description => $"GitHub Actions runner host, made by RunnerBuild.\n{Mark}";

    public ImmutableArray<string> Tags => [OwnTag, .. Spec.Tags];

    public static VirtualMachine Of(Host host) =>
        host.Vm is { } spec
            ? new(host.Name, host.Ssh.User, spec)
            : throw new ArgumentException($"{host.Name} has no virtual machine in the fleet.", nameof(host));

    /// <summary>A description's other lines; empty when there are none.</summary>
    public static string WithoutMark(string? description) =>
        string.Join('\n', (description ?? "").Split('\n').Where(line => !line.TrimStart().StartsWith(MarkKey, StringComparison.Ordinal))).TrimEnd();

    /// <summary>The host name in a description's mark, or null when it carries none.</summary>
    public static string? MarkedFor(string? description) =>
        description?.Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => line.StartsWith(MarkKey, StringComparison.Ordinal))
            .Select(line => line[MarkKey.Length..].Trim())
            .FirstOrDefault();
}
