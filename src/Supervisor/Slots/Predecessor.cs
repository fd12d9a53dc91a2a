namespace Supervisor.Slots;

/// <summary>
/// A runner that no longer stands in the way of the slot's next one: its job is completed and it was set aside under its own name, or
/// others removed its container. What is left of it has to be taken away.
/// </summary>
internal sealed class Predecessor(RunnerContainer container, RunnerWatch watch, DateTimeOffset since, bool vanished = false) : IAsyncDisposable
{
    private DateTimeOffset notBefore;

    public RunnerContainer Container { get; set; } = container;
    public RunnerWatch Watch => watch;
    public bool Acting { get; set; }

    /// <summary>Its container is gone, and not by this program.</summary>
    public bool Vanished { get; private set; } = vanished;

    /// <summary>What it was is told; only its container may still be there.</summary>
    public bool Concluded { get; set; }

    /// <summary>Why it could not be taken away.</summary>
    public string? Problem { get; private set; }

    /// <summary>It has ended, or has had <paramref name="grace"/> for its farewell. One that still runs a job is never due.</summary>
    public bool IsDue(DateTimeOffset now, TimeSpan grace) =>
        !Acting && now >= notBefore
        && (Vanished || Container.Phase != ContainerPhase.Running || watch.Progress.Stage == RunnerStage.Completed && now - since >= grace);

    /// <summary>Docker no longer has its container.</summary>
    /// <returns>Whether something is still to be done about it.</returns>
    public bool Vanish()
    {
        if (Concluded)
            return false;
        Vanished |= !Acting;
        return true;
    }

    /// <summary>The next attempt to take it away is not before <paramref name="until"/>.</summary>
    public void HoldBack(DateTimeOffset until, string? problem) => (notBefore, Problem) = (until, problem);

    public ValueTask DisposeAsync() => watch.DisposeAsync();
}
