using System.Threading.Channels;
using Supervisor.Docker;
using Supervisor.GitHub;
using Supervisor.Systemd;

namespace Supervisor.Slots;

/// <summary>The loop: looks at Docker, takes each slot's next step, and looks again each tick and whenever something happened. All memory of slots is changed here only.</summary>
internal sealed class Reconciler(Installation host, SlotTable table, EventLog log, ServiceNotifier notifier) : IDisposable
{
    private readonly Channel<Action> mailbox = Channel.CreateUnbounded<Action>(new() { SingleReader = true });
    private readonly Dictionary<GitHubScope, ScopeGate> gates = [];
    private readonly Registrations registrations = new(host.Api, host.Settings.Settings.Host, host.Timing, log);
    private readonly SlotWork work = new(host.Engine, host.Jobs, host.Groups, host.Compose, host.Api, host.Clock);
    private readonly CancellationTokenSource spawning = new();
    private readonly CancellationTokenSource working = new();
    private string? engineProblem;
    private bool stopping;

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
            if (stopping && (working.IsCancellationRequested || table.All.All(slot => IsAtRest(slot, now))))
                break;
            await WakeAsync();
        }
        foreach (var slot in table.All)
            await slot.ObserveAsync(null, host.Clock.GetUtcNow(), _ => throw new InvalidOperationException());
    }

    /// <summary>Forgets all waiting: a person has changed something.</summary>
    public void RetryAll()
    {
        gates.Clear();
        foreach (var slot in table.All)
            slot.Retry();
    }

    public void Dispose()
    {
        spawning.Dispose();
        working.Dispose();
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
                await slot.ObserveAsync(bySlot[slot.Name].FirstOrDefault(), now, id => new RunnerWatch(host.Engine, id, now, () => Post(() => { })));
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
            var step = NextStep.Of(ViewOf(slot, now));
            if (step == Step.Spawn && !GateOf(slot.Scope).Admits(slot.Name, now))
                continue;
            if (step != Step.Wait)
                Begin(slot, step, now);
            else if (slot is { Removed: true, Acting: null, Container: null })
                table.Forget(slot);
        }
        if (!stopping)
            registrations.Refresh(table.All.Select(slot => slot.Scope).Distinct(), now, Post, Conclude, working.Token);
    }

    private void Begin(Slot slot, Step step, DateTimeOffset now)
    {
        var order = slot.Order();
        var (container, watch, stuck) = (slot.Container, slot.Watch, slot.IsStuck(now, host.Timing));
        // What is only looked at on this host (the image) does not show as a new state each time.
        slot.Acting = step == Step.Spawn ? SlotState.Parked : SlotState.Cleaning;
        _ = RunAsync(slot, step, stuck, () => step switch
        {
            Step.Spawn => work.SpawnAsync(order, state => slot.Acting = state, spawning.Token),
            Step.Clean => work.CleanAsync(container!, watch, working.Token),
            _ => work.RecycleAsync(container!, working.Token),
        });
    }

    private async Task RunAsync(Slot slot, Step step, bool stuck, Func<Task<Outcome>> steps)
    {
        Outcome outcome;
        try
        {
            outcome = await Task.Run(steps);
        }
        catch (OperationCanceledException)
        {
            outcome = new Outcome.Cancelled();
        }
        catch (Exception fault)
        {
            if (Setback.Of(fault) is null)
                log.Error(slot.Name, $"a fault that this program does not know, please report it: {fault}");
            outcome = new Outcome.Failed(Setback.Of(fault) ?? new Setback(SetbackKind.RunnerFailed, $"A fault that this program does not know: {fault.Message}"));
        }
        Post(() =>
        {
            slot.Acting = null;
            Conclude(slot, step, stuck, outcome, host.Clock.GetUtcNow());
        });
    }

    private void Conclude(Slot slot, Step step, bool stuck, Outcome outcome, DateTimeOffset now)
    {
        switch (outcome)
        {
            case Outcome.Spawned spawned:
                GateOf(slot.Scope).Open();
                log.Information(slot.Name, $"started a new container for runner {spawned.Runner}");
                break;
            case Outcome.Ended ended:
                Conclude(slot, ended, now);
                break;
            case Outcome.Recycled:
                log.Information(slot.Name, "took the idle runner away");
                if (stuck)
                    slot.HoldBack(new Setback(SetbackKind.RunnerFailed, $"The runner did not listen for jobs within {host.Timing.StartUp.TotalSeconds:0} s; its last words: {slot.Progress.LastLine ?? "none"}."), now, host.Timing);
                break;
            case Outcome.StillBusy:
                slot.HoldBackRemoval(host.Timing.BusyRetry, "The runner is to be replaced, but GitHub says it has a job: that ends first.", now);
                break;
            case Outcome.Failed { Setback: var setback } when step == Step.Spawn && setback.IsOfScope:
                GateOf(slot.Scope).Close(setback, now, Random.Shared.NextDouble());
                break;
            case Outcome.Failed { Setback: var setback } when step == Step.Spawn:
                slot.HoldBack(setback, now, host.Timing);
                break;
            case Outcome.Failed { Setback: var setback }:
                slot.HoldBackRemoval(Backoff.DelayOf(setback, 3, Random.Shared.NextDouble(), host.Timing), $"The runner is to be removed, but: {setback.Reason}", now);
                break;
        }
    }

    private void Conclude(Slot slot, Outcome.Ended ended, DateTimeOffset now)
    {
        var life = $"{ended.Lifetime?.TotalSeconds ?? 0:0.0} s, exit code {ended.ExitCode}";
        if (ended.Progress.TookJob)
            log.Information(slot.Name, $"job '{ended.Progress.Job}' {ended.Progress.Result ?? "broke off"}; container removed after {life}");
        else
            log.Information(slot.Name, $"the runner ended without a job; container removed after {life}");
        if (ended.LeftBehind is { } problem)
            log.Warning(slot.Name, $"its registration is left for the janitor: {problem}");
        if (RunnerEnd.SetbackOf(ended, host.Timing) is { } setback)
            slot.HoldBack(setback, now, host.Timing);
        else
            slot.Succeed(ended.Progress.TookJob && slot.IsProbed);
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
            registrations.Sweep(scope, listing, table.All.Where(slot => slot.Container is not null).Select(slot => slot.Container!.RunnerId).ToHashSet(), working.Token);
    }

    private void Show(DateTimeOffset now)
    {
        foreach (var slot in table.All)
        {
            var condition = SlotCondition.Of(slot, ViewOf(slot, now), GateOf(slot.Scope).Reason, engineProblem);
            if (!slot.Show(condition, now))
                continue;
            var text = $"{condition.State} {slot.Container?.Runner} {(condition.State == SlotState.Busy ? slot.Progress.Job : condition.Reason)}".TrimEnd();
            if (condition.State == SlotState.Parked)
                log.Warning(slot.Name, text);
            else
                log.Information(slot.Name, text);
        }
        host.Publish(table.All);
        notifier.Alive(Summary.Of(table.All));
    }

    private SlotView ViewOf(Slot slot, DateTimeOffset now) => slot.View(now, !stopping, host.Timing);

    private bool IsAtRest(Slot slot, DateTimeOffset now) =>
        slot.Acting is null && (engineProblem is not null || NextStep.Of(ViewOf(slot, now)) == Step.Wait);

    private ScopeGate GateOf(GitHubScope scope) =>
        gates.TryGetValue(scope, out var gate) ? gate : gates[scope] = new ScopeGate(host.Timing);

    private async Task WakeAsync()
    {
        using var tick = new CancellationTokenSource(host.Timing.Tick);
        Task woken = mailbox.Reader.WaitToReadAsync(tick.Token).AsTask();
        await woken.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
