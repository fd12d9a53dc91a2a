namespace Supervisor.Slots;

/// <summary>A runner whose job is completed, set aside under its own name so that the slot's next runner need not wait for its end.</summary>
internal sealed class Predecessor(RunnerContainer container, RunnerWatch watch, DateTimeOffset since) : IAsyncDisposable
{
    private DateTimeOffset notBefore;

    public RunnerContainer Container { get; set; } = container;
    public RunnerWatch Watch => watch;
    public bool Acting { get; set; }

    /// <summary>It has ended, or has had <paramref name="grace"/> for its farewell. One that still runs a job is never due.</summary>
    public bool IsDue(DateTimeOffset now, TimeSpan grace) =>
        !Acting && now >= notBefore
        && (Container.Phase != ContainerPhase.Running || watch.Progress.Stage == RunnerStage.Completed && now - since >= grace);

    /// <summary>Its removal failed; the next attempt is not before <paramref name="until"/>.</summary>
    public void HoldBack(DateTimeOffset until) => notBefore = until;

    public ValueTask DisposeAsync() => watch.DisposeAsync();
}
