using System.Collections.Concurrent;
using RunnerBuild.Desired;

namespace RunnerBuild.Applying;

/// <summary>Lets one clone at a time be made of a template: clones side by side fight for the storage's locks.</summary>
internal sealed class TemplateQueue : IDisposable
{
    private readonly ConcurrentDictionary<GuestId, SemaphoreSlim> _turns = new();

    public async Task RunAsync(GuestId template, Func<Task> clone, CancellationToken cancel)
    {
        var turn = _turns.GetOrAdd(template, _ => new(1));
        await turn.WaitAsync(cancel);
        try
        {
            await clone();
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        foreach (var turn in _turns.Values)
            turn.Dispose();
    }
}
