using System.Globalization;
using Supervisor.Docker;
using Supervisor.GitHub;
using Supervisor.Jobs;

namespace Supervisor.Slots;

/// <summary>A container of ours as Docker lists it, and what its labels say.</summary>
/// <param name="Docker">The mode it was made in; empty for a container of an older program.</param>
/// <param name="Marks">All of its labels, as they are.</param>
internal sealed record RunnerContainer(string Id, string Name, ContainerPhase Phase, string Image, string Slot, string Runner, long RunnerId, string Hash, GitHubScope Scope, IReadOnlyList<string> Labels, string Docker, JobPlace Place, IReadOnlyDictionary<string, string> Marks)
{
    /// <summary>It is not, or no longer, the one that serves the slot: that one has the slot's name.</summary>
    public bool IsAside => Name != Slot;

    /// <summary>False for what Docker Compose itself made of a slot's service.</summary>
    public bool IsRegistered => RunnerId != 0;

    /// <summary>The pool that it was made for, which its slot may have left since; null for what this program did not make.</summary>
    public string? Pool => Marks.GetValueOrDefault(ContainerLabels.Pool);

    public static RunnerContainer Of(ContainerSummary summary)
    {
        string Label(string key) => summary.Labels.GetValueOrDefault(key, "");

        return new RunnerContainer(
            summary.Id,
            summary.Names.FirstOrDefault("").TrimStart('/'),
            PhaseOf(summary.State),
            summary.Image,
            Label(ContainerLabels.Slot),
            Label(ContainerLabels.Runner),
            long.TryParse(Label(ContainerLabels.RunnerId), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0,
            Label(ContainerLabels.Hash) is { Length: > 0 } hash ? hash : Label(ContainerLabels.ComposeHash),
            GitHubScope.Of(Label(ContainerLabels.Api), Label(ContainerLabels.Scope), Label(ContainerLabels.Credential)),
            Label(ContainerLabels.RunnerLabels).Split(',', StringSplitOptions.RemoveEmptyEntries),
            Label(ContainerLabels.Docker),
            new JobPlace(Label(ContainerLabels.Slot), Label(ContainerLabels.Runner), Label(ContainerLabels.CgroupParent) is { Length: > 0 } parent ? parent : null),
            summary.Labels);
    }

    private static ContainerPhase PhaseOf(string state) => state switch
    {
        "created" => ContainerPhase.Made,
        "running" or "paused" or "restarting" => ContainerPhase.Running,
        _ => ContainerPhase.Ended,
    };
}
