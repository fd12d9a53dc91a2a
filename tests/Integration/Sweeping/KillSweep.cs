using System.Text.RegularExpressions;
using Integration.Running;

namespace Integration.Sweeping;

/// <summary>When a run is killed: a command's effect is there and its answer is not, or it goes on with nobody to hear it.</summary>
public enum Killing { AfterIt, WhileItRuns }

/// <summary>
/// Runs the program again and again, and kills each run at the first request or command that no run was killed at before. What was done
/// stays done, so every event is met in the end, and the run that meets no new one is left to finish.
/// </summary>
internal sealed partial class KillSweep(Killing killing, Func<BuildProcess> start) : IDisposable
{
    private const int Enough = 250;

    // Long enough for an engine that is dialled to be in the midst of what it was asked for.
    private static readonly TimeSpan Midst = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private readonly List<string> _met = [];
    private BuildProcess? _run;
    private bool _killed;

    /// <summary>The events that a run was killed at, in their order.</summary>
    public IReadOnlyList<string> Met => _met;

    /// <param name="quiet">Completes when no command of a killed run is left.</param>
    /// <returns>The run that was not killed.</returns>
    public async Task<Ended> RunAsync(Func<Task> quiet, CancellationToken cancel)
    {
        for (var count = 0; count < Enough; count++)
        {
            using var run = Start();
            var ended = await run.EndAsync(cancel);
            lock (_gate)
            {
                _run = null;
                if (!_killed)
                    return ended;
            }

            await quiet();
        }

        throw new InvalidOperationException($"After {Enough} runs there still are new events:\n{string.Join('\n', _met)}");
    }

    public Task OnRequestAsync(Passed request)
    {
        Meet($"{request.Method} {Changing().Replace(request.Path, "…")}", TimeSpan.Zero);
        return Task.CompletedTask;
    }

    public Task OnExecAsync(Exec exec)
    {
        if (exec.Moment == (killing == Killing.AfterIt ? ExecMoment.Ended : ExecMoment.Begins))
            Meet(Changing().Replace(exec.What, "…"), TimeSpan.Zero);
        else if (exec.Moment == ExecMoment.Dials)
            Meet(Changing().Replace(exec.What, "…"), killing == Killing.AfterIt && !IsLock(exec) ? Midst : TimeSpan.Zero);
        return Task.CompletedTask;
    }

    // Nothing is in the midst of being done for it, and much is done while it is held.
    private static bool IsLock(Exec exec) => exec.What.Contains("github-runners.lock", StringComparison.Ordinal);

    public void Dispose() => _run?.Dispose();

    private BuildProcess Start()
    {
        lock (_gate)
        {
            _killed = false;
            return _run = start();
        }
    }

    private void Meet(string what, TimeSpan delay)
    {
        lock (_gate)
        {
            if (_run is not { } run || _killed || _met.Contains(what))
                return;
            _met.Add(what);
            _killed = true;
            if (delay == TimeSpan.Zero)
                run.Kill();
            else
                _ = Task.Delay(delay).ContinueWith(_ => run.Kill(), TaskScheduler.Default);
        }
    }

    // What is another in each run: numbers used once, the names of Proxmox's tasks, when an image was built, and who holds a lock since when.
    [GeneratedRegex("'[0-9a-f]{32}'|UPID[^/?]*|[0-9-]{10}T[0-9:]{8}Z|'[A-Za-z]+ of [^']+ UTC'")]
    private static partial Regex Changing();
}
