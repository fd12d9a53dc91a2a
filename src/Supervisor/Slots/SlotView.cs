namespace Supervisor.Slots;

/// <summary>What a slot's next step is decided from: Docker's view, GitHub's, and its own memory, at one moment.</summary>
internal sealed record SlotView
{
    /// <summary>Something for this slot is under way.</summary>
    public bool Acting { get; init; }

    /// <summary>Null: there is none.</summary>
    public ContainerPhase? Container { get; init; }
    public RunnerStage Stage { get; init; }

    /// <summary>The container is made from what is wanted now.</summary>
    public bool IsCurrent { get; init; } = true;

    /// <summary>Another slot is being given a new runner; one that is to be replaced for its settings alone waits for it.</summary>
    public bool AwaitsTurn { get; init; }

    /// <summary>A new runner may follow: the slot is neither drained nor removed, and the service is not stopping.</summary>
    public bool Serves { get; init; } = true;

    /// <summary>GitHub no longer knows the runner that listens here.</summary>
    public bool IsGhost { get; init; }

    /// <summary>GitHub sees the runner that listens here offline.</summary>
    public bool IsOffline { get; init; }

    /// <summary>Its job is completed, and it has had its time for a farewell.</summary>
    public bool IsOverdue { get; init; }

    /// <summary>It did not reach <c>Listening for Jobs</c> in time.</summary>
    public bool IsStuck { get; init; }

    /// <summary>A setback is being waited out before the next runner.</summary>
    public bool HeldBack { get; init; }

    /// <summary>The next runner may start while the last one, its job completed, is still ending: they share nothing.</summary>
    public bool Overlaps { get; init; } = true;

    /// <summary>An attempt to remove the container failed, or found its runner busy, a moment ago.</summary>
    public bool RemovalHeldBack { get; init; }
}

/// <summary><c>Made</c>: not started, so it says nothing yet; without a spawn under way it is the rest of one.</summary>
internal enum ContainerPhase { Made, Running, Ended }

internal enum Step { Wait, Spawn, Recycle, Clean, SetAside }

/// <summary>The slot's next step, from a view alone.</summary>
internal static class NextStep
{
    public static Step Of(SlotView view) => view switch
    {
        { Acting: true } => Step.Wait,
        { Container: not null, RemovalHeldBack: true } => Step.Wait,
        { Container: ContainerPhase.Running or ContainerPhase.Ended, Stage: RunnerStage.Completed, Serves: true, Overlaps: true } => Step.SetAside,
        { Container: ContainerPhase.Made or ContainerPhase.Ended } => Step.Clean,
        { Stage: RunnerStage.Completed, IsOverdue: true, Container: ContainerPhase.Running } => Step.Clean,
        { Container: ContainerPhase.Running, Stage: >= RunnerStage.Running } => Step.Wait,
        { Container: ContainerPhase.Running } => IsUnwanted(view) ? Step.Recycle : Step.Wait,
        { Serves: true, HeldBack: false } => Step.Spawn,
        _ => Step.Wait,
    };

    private static bool IsUnwanted(SlotView view) => !view.Serves || (!view.IsCurrent && !view.AwaitsTurn) || view.IsGhost || view.IsOffline || view.IsStuck;
}
