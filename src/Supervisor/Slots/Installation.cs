using Supervisor.Cgroups;
using Supervisor.Configuration;
using Supervisor.Control;
using Supervisor.Docker;
using Supervisor.Evidence;
using Supervisor.GitHub;
using Supervisor.Jobs;
using Supervisor.Refresh;

namespace Supervisor.Slots;

/// <summary>What the slots of this host work with, and what is told of them.</summary>
internal sealed class Installation(DockerEngine engine, JobEngines jobs, JobGroups groups, ComposeFile compose, RefreshDoors doors, ArchiveReads archives, RunnerApi api, Timing timing, TimeProvider clock, string build, LoadedSettings settings)
{
    private readonly TaskCompletionSource looked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile HostStatus status = new(1, build, settings.Sha256, null, []);

    public DockerEngine Engine => engine;
    public JobEngines Jobs => jobs;
    public JobGroups Groups => groups;
    public ComposeFile Compose => compose;
    public RefreshDoors Doors => doors;
    public ArchiveReads Archives => archives;
    public RunnerApi Api => api;
    public Timing Timing => timing;
    public TimeProvider Clock => clock;
    public LoadedSettings Settings { get; set; } = settings;

    /// <summary>Why the newest settings are not the ones served.</summary>
    public string? Problem { get; set; }

    /// <summary>As of the last tick; safe to read from any thread.</summary>
    public HostStatus Status => status with { ActionArchivesTaken = archives.Taken };

    /// <summary>The status once the slots were looked at: before that, nobody must take what is not known for empty.</summary>
    public async Task<HostStatus> KnownStatusAsync()
    {
        await looked.Task;
        return Status;
    }

    /// <param name="problems">Of the host as a whole, beside <see cref="Problem"/>.</param>
    public void Publish(IEnumerable<Slot> slots, IEnumerable<string> problems, IReadOnlyList<RunnerVersion> versions)
    {
        IReadOnlyList<string> all = [.. new[] { Problem }.OfType<string>(), .. problems];
        status = new HostStatus(1, build, Settings.Sha256, all.Count == 0 ? null : string.Join(' ', all), [.. slots.Select(StatusOf)]) { Versions = versions };
        looked.TrySetResult();
    }

    private SlotStatus StatusOf(Slot slot) => new()
    {
        Name = slot.Name,
        Pool = slot.Pool.Name,
        State = slot.Condition.State.ToString(),
        Runner = slot.Container?.Runner,
        RunnerId = slot.Container?.RunnerId,
        Container = slot.Container?.Id,
        Image = slot.Container?.Image ?? slot.Pool.Image,
        Labels = slot.Container?.Labels ?? slot.Order().Labels,
        Since = slot.Since,
        Reason = slot.Condition.Reason,
        Passing = slot.Condition.Passing,
        Job = slot.Condition.State == SlotState.Busy ? slot.Progress.Job : null,
        Drained = slot.Drained,
        Outdated = slot.IsOutdated,
        FollowsRefresh = doors.IsFollowedBy(slot.Name, slot.Container?.Runner),
    };
}
