using System.Globalization;
using Lab.Proxmox.Faults;
using Lab.Proxmox.Wire;

namespace Lab.Proxmox.State;

/// <summary>Runs tasks in the background. What a task throws becomes its exit status and the last line of its log.</summary>
internal sealed class Workers(Cluster cluster, ProxmoxOptions options, FaultSwitch faults, TimeProvider time)
{
    private const int KeptTasks = 1000;
    private readonly Dictionary<string, CancellationTokenSource> _running = [];
    private readonly Lock _lock = new();

    /// <summary>Starts <paramref name="work"/> after the usual delay and returns its UPID at once.</summary>
    /// <param name="undo">Takes back what the call did before its task, when the task does not end well.</param>
    public string Start(string node, string type, string id, string owner, Func<Action<string>, CancellationToken, Task> work, Action? undo = null)
    {
        var task = Register(node, type, id, owner);
        var abort = new CancellationTokenSource();
        lock (_lock)
            _running[task.Upid] = abort;
        _ = RunAsync(task, work, undo, abort.Token);
        return task.Upid;
    }

    public Task PauseAsync(TimeSpan delay, CancellationToken cancel) => Task.Delay(delay, time, cancel);

    /// <summary>Locks a guest for a while, as another user's task would.</summary>
    public void Lock(int vmId, string name, TimeSpan duration)
    {
        SetLock(vmId, name);
        _ = UnlockAsync();

        async Task UnlockAsync()
        {
            await Task.Delay(duration, time);
            SetLock(vmId, null);
        }
    }

    private void SetLock(int vmId, string? name) =>
        cluster.Change(content =>
        {
            if (content.Guests.Find(guest => guest.VmId == vmId) is { } guest)
                guest.Lock = name;
        });

    public void Abort(string upid)
    {
        lock (_lock)
        {
            if (_running.TryGetValue(upid, out var abort))
                abort.Cancel();
        }
    }

    private WorkerTask Register(string node, string type, string id, string owner) =>
        cluster.Change(content =>
        {
            var pid = content.NextPid++;
            var now = time.GetUtcNow().ToUnixTimeSeconds();
            var ticks = Environment.TickCount64 / 10 & 0xFFFFFFFF;
            var task = new WorkerTask
            {
                Upid = string.Create(CultureInfo.InvariantCulture, $"UPID:{node}:{pid:X8}:{ticks:X8}:{now:X8}:{type}:{id}:{owner}:"),
                Node = node,
                Type = type,
                Id = id,
                Owner = owner,
                Pid = pid,
                ProcessStart = ticks,
                StartTime = now,
            };
            content.Tasks.Add(task);
            if (content.Tasks.Count > KeptTasks)
                content.Tasks.RemoveAt(content.Tasks.FindIndex(old => !old.IsRunning) is var oldest and >= 0 ? oldest : 0);
            return task;
        });

    private async Task RunAsync(WorkerTask task, Func<Action<string>, CancellationToken, Task> work, Action? undo, CancellationToken abort)
    {
        var outcome = await OutcomeAsync(task, work, abort);
        if (outcome != "OK" && !outcome.StartsWith("WARNINGS", StringComparison.Ordinal))
            undo?.Invoke();
        cluster.Change(_ =>
        {
            task.Log.Add(
                outcome == "OK" ? "TASK OK"
                : outcome.StartsWith("WARNINGS", StringComparison.Ordinal) ? $"TASK {outcome}"
                : $"TASK ERROR: {outcome}"
            );
            task.EndTime = time.GetUtcNow().ToUnixTimeSeconds();
            task.ExitStatus = outcome;
        });
        lock (_lock)
            _running.Remove(task.Upid);
    }

    private async Task<string> OutcomeAsync(WorkerTask task, Func<Action<string>, CancellationToken, Task> work, CancellationToken abort)
    {
        try
        {
            await PauseAsync(options.WorkerDelay, abort);
            var fault = faults.Take(task.Type, FaultKind.TaskNeverEnds, FaultKind.TaskFails, FaultKind.TaskWarns);
            if (fault?.Kind == FaultKind.TaskNeverEnds)
                await Task.Delay(Timeout.InfiniteTimeSpan, time, abort);
            if (fault?.Kind == FaultKind.TaskFails)
                return fault.Text;
            await work(line => cluster.Change(_ => task.Log.Add(line)), abort);
            if (fault is null)
                return "OK";
            cluster.Change(_ => task.Log.AddRange(["WARN: first thing to know", "WARN: second thing to know"]));
            return "WARNINGS: 2";
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            return "interrupted by signal";
        }
        catch (Exception problem) when (problem is ApiException or MachineException)
        {
            return problem.Message;
        }
        catch (Exception problem)
        {
            // Whatever happens must end the task, or every client waits for ever.
            cluster.Change(_ => task.Log.AddRange(problem.ToString().Split('\n')));
            return problem.Message;
        }
    }
}
