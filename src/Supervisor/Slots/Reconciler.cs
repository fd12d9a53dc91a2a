using System.Threading.Channels;
using Supervisor.Care;
using Supervisor.Docker;
using Supervisor.Evidence;
using Supervisor.GitHub;
using Supervisor.Systemd;

namespace Supervisor.Slots;

/// <summary>The loop: looks at Docker, takes each slot's next step, and looks again each tick and whenever something happened. All memory of slots is changed here only.</summary>
internal sealed class Reconciler(Installation host, SlotTable table, JobEvidence evidence, EventLog log, ServiceNotifier notifier) : IDisposable
{
    private readonly Channel<Action> mailbox = Channel.CreateUnbounded<Action>(new() { SingleReader = true });
    private readonly Dictionary<GitHubScope, ScopeGate> gates = [];
    private readonly Registrations registrations = new(host.Api, host.Settings.Settings.Host, host.Timing, log);
    private readonly HostCare care = new(host.Engine, log);
    private readonly Notices notices = new(host.Settings.Settings.Host, host.Timing.ParkNotice, log);
    private readonly SlotWork work = new(host.Engine, host.Jobs, host.Groups, host.Compose, host.Api, host.Clock);
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
            await slot.ObserveAsync([], host.Clock.GetUtcNow(), _ => throw new InvalidOperationException());
    }

    /// <summary>Forgets all waiting: a person has changed something.</summary>
    public void RetryAll()
    {
        gates.Clear();
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
                if (container.Phase == ContainerPhase.Running && table.Find(container.Slot) is { Acting: null })
                    work.Resume(container);
            }
            var bySlot = containers.ToLookup(container => container.Slot);
            foreach (var slot in table.All)
            {
                await slot.ObserveAsync(bySlot[slot.Name], now, container =>
                    new RunnerWatch(host.Engine, container.Id, now, () => Post(() => { }), evidence.LogOf(slot.Name, container)));
            }
            await care.LookAsync(host.Settings.Settings.Care, now, CancellationToken.None);
            engineProblem = null;
        }
        catch (DockerFault fault)
        {
            engineProblem = fault.Message;
        }
    }

    private void StepAll(DateTimeOffset now)
    {
        foreach (var slot in table.All.ToList())
        {
            slot.Obstacle = slot.Container is null && slot.Acting is null ? ObstacleOf(slot) : null;
            foreach (var predecessor in slot.Predecessors.Where(predecessor => predecessor.IsDue(now, host.Timing.Farewell)))
                _ = CleanAsync(slot, predecessor);
            var step = NextStep.Of(ViewOf(slot, now));
            if (step == Step.Spawn && (slot.Obstacle is not null || !GateOf(slot.Scope).Admits(slot.Name, now)))
                continue;
            if (step != Step.Wait)
                Begin(slot, step, now);
            else if (slot is { Removed: true, Acting: null, Container: null, Predecessors.Count: 0 })
                table.Forget(slot);
        }
        if (!stopping)
            registrations.Refresh(table.All.Select(slot => slot.Scope).Distinct(), now, Post, Conclude, working.Token);
    }

    private string? ObstacleOf(Slot slot)
    {
        if (care.DiskProblem is { } full)
            return full;
        var taken = table.All.Where(other => other.Container is not null || other.Acting is not null).Select(other => other.Reserved);
        return Admission.ReasonAgainst(slot.Reserved, taken.Aggregate(new Share(), (sum, share) => sum + share), care.BudgetOf(host.Settings.Settings.Care));
    }

    private void Begin(Slot slot, Step step, DateTimeOffset now)
    {
        var order = slot.Order();
        var (container, watch, progress) = (slot.Container, slot.Watch, slot.Progress);
        var begun = new Begun(step, slot.IsStuck(now, host.Timing), slot.IsProbed);
        // What is only looked at on this host (the image) does not show as a new state each time.
        slot.Acting = step == Step.Spawn ? SlotState.Parked : SlotState.Cleaning;
        _ = BeginAsync(slot, begun, () => step switch
        {
            Step.Spawn => work.SpawnAsync(order, state => slot.Acting = state, spawning.Token),
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
            Conclude(slot, begun, outcome, host.Clock.GetUtcNow());
        });
    }

    private async Task CleanAsync(Slot slot, Predecessor predecessor)
    {
        predecessor.Acting = true;
        var outcome = await OutcomeAsync(slot, () => work.CleanAsync(predecessor.Container, predecessor.Watch, working.Token));
        Post(() =>
        {
            predecessor.Acting = false;
            if (outcome is Outcome.Ended ended)
                Note(slot, ended);
            if (outcome is not Outcome.Failed { Setback: var setback })
                return;
            predecessor.HoldBack(host.Clock.GetUtcNow() + host.Timing.BusyRetry);
            log.Warning(slot.Name, $"The container of {predecessor.Container.Runner}, which has ended, is still there: {setback.Reason}");
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

    private void Conclude(Slot slot, Begun begun, Outcome outcome, DateTimeOffset now)
    {
        evidence.Concluded(slot, outcome, host.Timing);
        switch (outcome)
        {
            case Outcome.Spawned spawned:
                GateOf(slot.Scope).Open();
                log.Information(slot.Name, $"started a new container for runner {spawned.Runner}");
                break;
            case Outcome.Ended ended:
                Conclude(slot, begun, ended, now);
                break;
            case Outcome.SetAside:
                slot.Succeed(begun.Probed);
                break;
            case Outcome.Recycled:
                log.Information(slot.Name, "took the idle runner away");
                if (begun.Stuck)
                    slot.HoldBack(new Setback(SetbackKind.RunnerFailed, $"The runner did not listen for jobs within {host.Timing.StartUp.TotalSeconds:0} s; its last words: {slot.Progress.LastLine ?? "none"}."), now, host.Timing);
                break;
            case Outcome.StillBusy:
                slot.HoldBackRemoval(host.Timing.BusyRetry, "The runner is to be replaced, but GitHub says it has a job: that ends first.", now);
                break;
            case Outcome.Failed { Setback: var setback } when begun.Step == Step.Spawn && setback.IsOfScope:
                GateOf(slot.Scope).Close(setback, now, Random.Shared.NextDouble());
                break;
            case Outcome.Failed { Setback: var setback } when begun.Step == Step.Spawn:
                slot.HoldBack(setback, now, host.Timing);
                break;
            case Outcome.Failed { Setback: var setback }:
                slot.HoldBackRemoval(Backoff.DelayOf(setback, 3, Random.Shared.NextDouble(), host.Timing), $"The runner is to be removed, but: {setback.Reason}", now);
                break;
        }
    }

    private void Conclude(Slot slot, Begun begun, Outcome.Ended ended, DateTimeOffset now)
    {
        Note(slot, ended);
        if (!ended.Progress.TookJob)
            slot.Disprove();
        if (RunnerEnd.SetbackOf(ended, host.Timing) is { } setback)
            slot.HoldBack(setback, now, host.Timing);
        else
            slot.Succeed(ended.Progress.TookJob && begun.Probed);
    }

    private void Note(Slot slot, Outcome.Ended ended)
    {
        evidence.Ended(slot, ended);
        var life = $"{ended.Lifetime?.TotalSeconds ?? 0:0.0} s, exit code {ended.ExitCode}";
        if (ended.Progress.TookJob)
            log.Information(slot.Name, $"job '{ended.Progress.Job}' {ended.Progress.Result ?? "broke off"}; container removed after {life}");
        else
            log.Information(slot.Name, $"the runner ended without a job; container removed after {life}");
        if (ended.LeftBehind is { } problem)
            log.Warning(slot.Name, $"its registration is left for the janitor: {problem}");
    }

    private void Conclude(GitHubScope scope, Listing listing)
    {
        var byId = listing.Runners.ToDictionary(runner => runner.Id);
        foreach (var slot in table.All)
        {
            // A runner that came after the list was asked for may rightly not be in it.
            if (slot is { Watch: { Progress.Stage: RunnerStage.Listening } watch, Container: { } container } && container.Scope == scope && watch.Seen < listing.At)
                slot.Presence.Note(byId.GetValueOrDefault(container.RunnerId), listing.At);
        }
        // While a slot is between registering a runner and having its container, that runner's id is not known here.
        if (table.All.All(slot => slot.Acting is null))
            registrations.Sweep(scope, listing, table.All.SelectMany(slot => slot.RunnerIds).ToHashSet(), working.Token);
    }

    private void Show(DateTimeOffset now)
    {
        foreach (var slot in table.All)
        {
            var condition = SlotCondition.Of(slot, ViewOf(slot, now), GateOf(slot.Scope).Reason, engineProblem);
            if (!slot.Show(condition, now))
                continue;
            evidence.Shown(slot);
            var text = $"{condition.State} {slot.Container?.Runner} {(condition.State == SlotState.Busy ? slot.Progress.Job : condition.Reason)}".TrimEnd();
            if (condition.State == SlotState.Parked)
                log.Warning(slot.Name, text, JobEvidence.FieldsOf(slot));
            else
                log.Information(slot.Name, text, JobEvidence.FieldsOf(slot));
        }
        host.Publish(table.All);
        notices.Tell(table.All, host.Settings.Settings.Care.Notify, now);
        notifier.Alive(Summary.Of(table.All));
    }

    private SlotView ViewOf(Slot slot, DateTimeOffset now) => slot.View(now, !stopping && care.DiskProblem is null, host.Timing);

    private bool IsAtRest(Slot slot, DateTimeOffset now) =>
        slot.Acting is null && slot.Predecessors.All(predecessor => !predecessor.Acting) && (engineProblem is not null || NextStep.Of(ViewOf(slot, now)) == Step.Wait);

    private ScopeGate GateOf(GitHubScope scope) =>
        gates.TryGetValue(scope, out var gate) ? gate : gates[scope] = new ScopeGate(host.Timing);

    private async Task WakeAsync()
    {
        using var tick = new CancellationTokenSource(host.Timing.Tick);
        Task woken = mailbox.Reader.WaitToReadAsync(tick.Token).AsTask();
        await woken.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>A step that is under way, with what was so at its begin: until its end, others look at the slot and see it change.</summary>
    private sealed record Begun(Step Step, bool Stuck, bool Probed);
}
