namespace Supervisor.Jobs;

/// <summary>Work that is done once for all who need it; where it failed, the next who needs it has it tried again.</summary>
internal sealed class Once(Func<Task> work)
{
    private readonly Lock turn = new();
    private Task? begun;

    public Task DoneAsync()
    {
        lock (turn)
            return begun is { IsFaulted: false, IsCanceled: false } ? begun : begun = work();
    }
}
