using System.Net.Sockets;
using System.Threading.Channels;
using Supervisor.Care;
using Supervisor.Docker;
using Supervisor.Evidence;
using Supervisor.Systemd;

namespace Supervisor.Slots;

/// <summary>The loop: looks at Docker, takes each slot's next step, and looks again each tick and whenever something happened. All memory of slots is changed here only.</summary>
internal sealed class Reconciler(Installation host, SlotTable table, JobEvidence evidence, EventLog log, ServiceNotifier notifier) : IDisposable
{
    private readonly Channel<Action> mailbox = Channel.CreateUnbounded<Action>(new() { SingleReader = true });
    private readonly RunnerVersions versions = new(host.Api, host.Timing.VersionList, log);
    private readonly HostCare care = new(host.Engine, log);
    private readonly Notices notices = new(host.Settings.Settings.Host, host.Timing.ParkNotice, log);
    private readonly SlotWork work = new(host.Engine, host.Jobs, host.Groups, host.Compose, host.Doors, host.Api, host.Clock);
    private readonly Conclusions conclusions = new(host, table, evidence, log);
    private readonly CancellationTokenSource spawning = new();
    private readonly CancellationTokenSource working = new();
    private string? engineProblem;
    private bool stopping;
    private bool ready;

    /// <summary>Has <paramref name="action"/> done by the loop, soon.</summary>
    public void Post(Action action) => mailbox.Writer.TryWrite(action);

    /// <summary>Runs until <paramref name="stop"/>, then takes idle runners away, leaves busy ones, and returns.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var onStop = stop.Register(() => Post(BeginStop));
        while (true)
        {
            while (mailbox.Reader.TryRead(out var action))
                action();
            var now = host.Clock.GetUtcNow();
            await ObserveAsync(now);
            if (engineProblem is null)
                StepAll(now);
            Show(now);
            BeReady();
            if (stopping && (working.IsCancellationRequested || table.All.All(slot => IsAtRest(slot, now))))
                break;
            await WakeAsync();
        }
        foreach (var slot in table.All)
            await slot.DisposeAsync();
    }

    /// <summary>Forgets all waiting: a person has changed something.</summary>
    public void RetryAll()
    {
        conclusions.Gates.Clear();
        care.LookSoon();
        foreach (var slot in table.All)
            slot.Retry();
    }

    public void Dispose()
    {
        spawning.Dispose();
        working.Dispose();
    }

    // Only after the first look at Docker does a status exist that is worth asking for.
    private void BeReady()
    {
        if (!ready)
            notifier.Ready();
        ready = true;
    }

    private void BeginStop()
    {
        stopping = true;
        notifier.Stopping();
        log.Information("service", "stopping: idle runners are taken away, busy ones are left to finish their jobs");
        RetryAll();
        spawning.Cancel();
        working.CancelAfter(host.Timing.Stop);
    }

    private async Task ObserveAsync(DateTimeOffset now)
    {
        try
        {
            var label = $"{ContainerLabels.Host}={host.Settings.Settings.Host}";
            var containers = (await host.Engine.ListAsync(label, CancellationToken.None)).Select(RunnerContainer.Of).ToList();
            foreach (var container in containers)
            {
                table.Adopt(container, host.Settings);
                if (table.Find(container.Slot) is { Acting: null } slot && !container.IsAside)
                    Resume(slot, container);
            }
            var bySlot = containers.ToLookup(container => container.Slot);
            foreach (var slot in table.All)
            {
                await slot.ObserveAsync(bySlot[slot.Name], now, container =>
                    new RunnerWatch(host.Engine, container.Id, now, () => Post(() => { }), evidence.LogOf(slot.Name, container)));
            }
            await care.LookAsync(host.Settings.Settings, JobsWithHostEngineSince(), now, CancellationToken.None);
            engineProblem = null;
        }
        catch (DockerFault fault)
        {
            engineProblem = fault.Message;
        }
    }

    private void Resume(Slot slot, RunnerContainer container)
    {
        var before = slot.JobDockerProblem;
        try
        {
            if (container.Phase == ContainerPhase.Running)
                work.Resume(container);
            slot.JobDockerProblem = null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or SocketException)
        {
            slot.JobDockerProblem = $"Its job's Docker socket cannot be served: {fault.Message}";
            if (slot.JobDockerProblem != before)
                log.Warning(slot.Name, slot.JobDockerProblem);
        }
    }

    // Until its container is gone, what a job made there is the job's.
    private DateTimeOffset? JobsWithHostEngineSince() => table.All
        .Where(slot => slot is { Container.Docker: "socket", Progress.TookJob: true }).Select(slot => slot.Progress.Began ?? slot.Watch!.Seen).Order().Cast<DateTimeOffset?>().FirstOrDefault();

    private void StepAll(DateTimeOffset now)
    {
        foreach (var slot in table.All.ToList())
        {
            slot.Obstacle = slot.Container is null && slot.Acting is null ? ObstacleOf(slot) : null;
            foreach (var predecessor in slot.Predecessors.Where(predecessor => predecessor.IsDue(now, host.Timing.Farewell)))
                _ = CleanAsync(slot, predecessor);
            var view = ViewOf(slot, now) with { AwaitsTurn = !Turns.IsOf(slot, table.All) };
            var step = NextStep.Of(view);
            if (step == Step.Spawn && (slot.Obstacle is not null || !conclusions.Gates.Of(slot.Scope).Admits(slot.Name, now)))
                continue;
            if (step != Step.Wait)
                Begin(slot, Begun.Of(slot, view, step, host.Timing));
            else if (slot is { Removed: true, Acting: null, Container: null, Predecessors.Count: 0 })
                table.Forget(slot);
        }
        if (stopping)
            return;
        conclusions.Registrations.Refresh(table.All.Select(slot => slot.Scope).ToHashSet(), now, Post, (scope, listing) => conclusions.Conclude(scope, listing, working.Token), working.Token);
        versions.Refresh(table.All, now, Post, working.Token);
    }

    private string? ObstacleOf(Slot slot)
    {
        if (care.DiskProblem is { } full)
            return full;
        var taken = table.All.Where(other => other.Container is not null || other.Acting is not null).Select(other => other.Reserved);
        return Admission.ReasonAgainst(slot.Reserved, taken.Aggregate(new Share(), (sum, share) => sum + share), care.BudgetOf(host.Settings.Settings.Care));
    }

    private void Begin(Slot slot, Begun begun)
    {
        var order = slot.Order();
        var (container, watch, progress, step) = (slot.Container, slot.Watch, slot.Progress, begun.Step);
        // What is only looked at on this host (the image) does not show as a new state each time.
        slot.Acting = step == Step.Spawn ? SlotState.Parked : SlotState.Cleaning;
        _ = BeginAsync(slot, begun, () => step switch
        {
            Step.Spawn => work.SpawnAsync(order, state => slot.Acting = state, slot.BeginMinting, spawning.Token),
            Step.Clean => work.CleanAsync(container!, watch, working.Token),
            Step.SetAside => work.SetAsideAsync(container!, progress, working.Token),
            _ => work.RecycleAsync(container!, working.Token),
        });
    }

    private async Task BeginAsync(Slot slot, Begun begun, Func<Task<Outcome>> steps)
    {
        var outcome = await OutcomeAsync(slot, steps);
        Post(() =>
        {
            slot.Acting = null;
            conclusions.Conclude(slot, begun, outcome, host.Clock.GetUtcNow());
        });
    }

    private async Task CleanAsync(Slot slot, Predecessor predecessor)
    {
        predecessor.Acting = true;
        var outcome = await OutcomeAsync(slot, () => work.CleanAsync(predecessor.Container, predecessor.Watch, working.Token));
        Post(() =>
        {
            predecessor.Acting = false;
            if (outcome is Outcome.Ended ended && !predecessor.Concluded)
            {
                predecessor.Concluded = true;
                if (predecessor.Vanished)
                    log.Warning(slot.Name, $"the container of {predecessor.Container.Runner} was removed, and not by this service");
                conclusions.Note(slot, ended);
            }
            var problem = (outcome as Outcome.Failed)?.Setback.Reason;
            if (problem is not null && problem != predecessor.Problem)
                log.Warning(slot.Name, $"What is left of {predecessor.Container.Runner}, which has ended, is still there: {problem}");
            predecessor.HoldBack(host.Clock.GetUtcNow() + host.Timing.BusyRetry, problem is null ? null : $"What the last runner left is to be removed, but: {problem}");
        });
    }

    private async Task<Outcome> OutcomeAsync(Slot slot, Func<Task<Outcome>> steps)
    {
        try
        {
            return await Task.Run(steps);
        }
        catch (OperationCanceledException)
        {
            return new Outcome.Cancelled();
        }
        catch (Exception fault)
        {
            if (Setback.Of(fault) is null)
                log.Error(slot.Name, $"a fault that this program does not know, please report it: {fault}");
            return new Outcome.Failed(Setback.Of(fault) ?? new Setback(SetbackKind.RunnerFailed, $"A fault that this program does not know: {fault.Message}"));
        }
    }

    private void Show(DateTimeOffset now)
    {
        foreach (var slot in table.All)
        {
            var condition = SlotCondition.Of(slot, ViewOf(slot, now), conclusions.Gates.Of(slot.Scope).Reason, engineProblem);
            if (!slot.Show(condition, now))
                continue;
            evidence.Shown(slot);
            var text = $"{condition.State} {slot.Container?.Runner} {(condition.State == SlotState.Busy ? slot.Progress.Job : condition.Reason)}".TrimEnd();
            if (condition.State == SlotState.Parked)
                log.Warning(slot.Name, text, JobEvidence.FieldsOf(slot));
            else
                log.Information(slot.Name, text, JobEvidence.FieldsOf(slot));
        }
        host.Publish(table.All, conclusions.Registrations.Problems, versions.Known);
        notices.Tell(table.All, host.Settings.Settings.Care.Notify, now);
        notifier.Alive(Summary.Of(table.All));
    }

    private SlotView ViewOf(Slot slot, DateTimeOffset now) => slot.View(now, !stopping && care.DiskProblem is null, host.Timing);

    private bool IsAtRest(Slot slot, DateTimeOffset now) =>
        slot.Acting is null && slot.Predecessors.All(predecessor => !predecessor.Acting) && (engineProblem is not null || NextStep.Of(ViewOf(slot, now)) == Step.Wait);

    private async Task WakeAsync()
    {
        using var tick = new CancellationTokenSource(host.Timing.Tick);
        Task woken = mailbox.Reader.WaitToReadAsync(tick.Token).AsTask();
        await woken.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
