namespace Supervisor.Slots;

/// <summary>What is shown of a slot: its state and, when it does not serve, the one sentence why.</summary>
internal sealed record SlotCondition(SlotState State, string? Reason)
{
    private const string NextIsDue = "A runner is about to be registered.";

    /// <summary>Between two runners, which ends by itself.</summary>
    public bool Passing => State is SlotState.Minting or SlotState.Created or SlotState.Exited or SlotState.Cleaning || State == SlotState.Empty && Reason == NextIsDue;

    public bool Serves => State is SlotState.Idle or SlotState.Busy;

    /// <param name="scopeReason">Why no runner of the slot's scope can be registered now, if so.</param>
    /// <param name="engineReason">Why Docker Engine cannot be asked, if so.</param>
    public static SlotCondition Of(Slot slot, SlotView view, string? scopeReason, string? engineReason)
    {
        if (slot.Acting is { } acting and not SlotState.Parked)
            return new SlotCondition(acting, Underway(acting));
        if (view.Container is null)
            return WithoutContainer(slot, view, scopeReason, engineReason);
        if (view.Container is ContainerPhase.Made or ContainerPhase.Ended)
            return new SlotCondition(SlotState.Exited, engineReason ?? slot.RemovalReason ?? "The runner has ended; its container is about to be removed.");
        return view.Stage switch
        {
            >= RunnerStage.Running => new SlotCondition(SlotState.Busy, engineReason ?? slot.JobDockerProblem),
            RunnerStage.Listening when (slot.JobDockerProblem ?? slot.Presence.Problem) is { } problem => new SlotCondition(SlotState.Parked, engineReason ?? slot.RemovalReason ?? problem),
            RunnerStage.Listening => new SlotCondition(SlotState.Idle, engineReason ?? slot.RemovalReason),
            _ => new SlotCondition(SlotState.Created, engineReason ?? slot.RemovalReason ?? "The runner program is starting."),
        };
    }

    private static SlotCondition WithoutContainer(Slot slot, SlotView view, string? scopeReason, string? engineReason) => slot switch
    {
        { Removed: true } => new SlotCondition(SlotState.Empty, "The slot is no longer in the settings."),
        // Also of a drained slot: whether its container is gone is not known then.
        _ when engineReason is not null => new SlotCondition(SlotState.Parked, engineReason),
        { Drained: true } => new SlotCondition(SlotState.Empty, $"Drained: runnerctl resume {slot.Name} lets it serve again."),
        _ when scopeReason is not null => new SlotCondition(SlotState.Parked, scopeReason),
        _ when slot.Obstacle is not null => new SlotCondition(SlotState.Parked, slot.Obstacle),
        _ when slot.HoldReason is not null => new SlotCondition(SlotState.Parked, slot.HoldReason),
        _ when !view.Serves => new SlotCondition(SlotState.Empty, "The service is stopping."),
        _ => new SlotCondition(SlotState.Empty, NextIsDue),
    };

    private static string Underway(SlotState state) => state switch
    {
        SlotState.Minting => "GitHub is asked to register a runner.",
        SlotState.Created => "The runner's container is being made.",
        _ => "The last runner's container is being removed.",
    };
}
