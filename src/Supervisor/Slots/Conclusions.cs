using Supervisor.Evidence;
using Supervisor.GitHub;
using Supervisor.Systemd;

namespace Supervisor.Slots;

/// <summary>What is concluded from a step that came to its end, and from GitHub's lists. On the reconciler's loop only.</summary>
internal sealed class Conclusions(Installation host, SlotTable table, JobEvidence evidence, EventLog log)
{
    // How many times this long a removal that failed is put off at once: nothing waits for it.
    private const int PatienceOfRemoval = 3;

    public ScopeGates Gates { get; } = new(host.Timing);
    public Registrations Registrations { get; } = new(host.Api, host.Settings.Settings.Host, host.Timing, log);

    public void Conclude(Slot slot, Begun begun, Outcome outcome, DateTimeOffset now)
    {
        var setback = SetbackOf(slot, begun, outcome);
        evidence.Concluded(slot, outcome, setback);
        if (begun.Step == Step.Spawn)
            Tell(Gates.Of(begun.Scope), slot, outcome, now);
        switch (outcome)
        {
            case Outcome.Spawned spawned:
                log.Information(slot.Name, $"started a new container for runner {spawned.Runner}");
                break;
            case Outcome.Ended ended:
                Note(slot, ended);
                if (setback is not null)
                    slot.HoldBack(setback, now, host.Timing);
                else if (ended.Progress.TookJob || ended.Lifetime >= host.Timing.LongLife)
                    slot.Succeed(ended.Progress.TookJob && begun.Probed);
                slot.Leave();
                break;
            case Outcome.SetAside:
                slot.Succeed(begun.Probed);
                break;
            case Outcome.Recycled:
                log.Information(slot.Name, "took the idle runner away");
                if (setback is not null)
                    slot.HoldBack(setback, now, host.Timing);
                slot.Leave();
                break;
            case Outcome.StillBusy:
                slot.HoldBackRemoval(host.Timing.BusyRetry, "The runner is to be replaced, but GitHub says it has a job: that ends first.", now);
                break;
            case Outcome.Failed { Setback: var failed } when begun.Step != Step.Spawn:
                slot.HoldBackRemoval(Backoff.DelayOf(failed, PatienceOfRemoval, Random.Shared.NextDouble(), host.Timing), $"The runner is to be removed, but: {failed.Reason}", now);
                break;
            case Outcome.Failed { Setback: { IsOfScope: false } failed }:
                slot.HoldBack(failed, now, host.Timing);
                break;
        }
    }

    /// <summary>Takes down that a container ended.</summary>
    public void Note(Slot slot, Outcome.Ended ended)
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

    public void Conclude(GitHubScope scope, Listing listing, CancellationToken cancel)
    {
        var byId = listing.Runners.ToDictionary(runner => runner.Id);
        foreach (var slot in table.All)
        {
            // A runner that came to listen after the list was asked for may rightly not be in it, or offline.
            if (slot is { Watch: { Progress: { Stage: RunnerStage.Listening } progress } watch, Container: { } container }
                && container.Scope == scope && watch.Seen < listing.At && !(progress.Listened >= listing.At))
                slot.Presence.Note(byId.GetValueOrDefault(container.RunnerId), listing.At);
        }
        Registrations.Sweep(scope, listing, table.All.SelectMany(slot => slot.Runners).ToHashSet(StringComparer.OrdinalIgnoreCase), cancel);
    }

    private static void Tell(ScopeGate gate, Slot slot, Outcome outcome, DateTimeOffset now)
    {
        if (outcome is Outcome.Spawned)
            gate.Open();
        else if (outcome is Outcome.Failed { Setback: { IsOfScope: true } setback })
            gate.Close(setback, now, Random.Shared.NextDouble());
        else
            gate.GiveBack(slot.Name);
    }

    private Setback? SetbackOf(Slot slot, Begun begun, Outcome outcome) => outcome switch
    {
        Outcome.Failed failed => failed.Setback,
        Outcome.Recycled when begun.Failing is { } reason => new Setback(SetbackKind.RunnerFailed, reason),
        Outcome.Ended { Progress.TookJob: false, Lifetime: not null } ended => RunnerEnd.SetbackOf(ended, slot.EndJobless(), host.Timing),
        _ => null,
    };
}
