using System.Collections.Immutable;
using RunnerBuild.Facts;

namespace RunnerBuild.Planning;

internal enum WaitingCause { NotWaiting, SomethingElse, NotServed, NoSuchRunner, GroupClosed, AllBusy, SlotsParked, SlotsDrained, RunnersOffline, HostSilent, Imminent }

/// <summary>One reason why a job waits, and what ends it.</summary>
internal sealed record WaitingReason(WaitingCause Cause, string What, string Fix);

/// <summary>Why a job is queued: from what GitHub shows of it and of the runners, and from what the slots say.</summary>
internal static class WaitingReasons
{
    private const string Approval = "The run waits for approval, as runs of pull requests from forks do.";

    private const string NoRunnerHelps = "Look at the run's page: it names the job, the approval or the concurrency group that is waited for. No runner can help.";

    /// <summary>Of a run that GitHub has made no jobs of.</summary>
    public static WaitingReason OfRun(string status) => status switch
    {
        "action_required" => new(WaitingCause.SomethingElse, Approval, NoRunnerHelps),
        "pending" or "waiting" => new(WaitingCause.SomethingElse, $"GitHub makes no job of the run yet ({status}): it waits for its concurrency group, or for an approval.", NoRunnerHelps),
        "queued" or "requested" or "in_progress" => new(WaitingCause.SomethingElse, $"GitHub has made no job of the run yet ({status}).", "Look again in a minute; if it stays so, see https://www.githubstatus.com."),
        _ => new(WaitingCause.NotWaiting, $"The run has ended without a job: {status}.", "Look at the run's page; a workflow file with an error ends so."),
    };

    public static ImmutableArray<WaitingReason> Of(QueuedJob job, QueueFacts facts)
    {
        if (job.Status is "in_progress" or "completed" || job.Runner is not null)
            return [new(WaitingCause.NotWaiting, job.Status == "completed" ? $"It has ended: {job.Conclusion}." : $"It runs on {job.Runner}.", "There is nothing to do.")];
        // The run's own status tells of any of its jobs, so a queued one may need a runner whatever that is.
        if (job.Status != "queued")
            return [new(WaitingCause.SomethingElse, Elsewhere(job, facts), NoRunnerHelps)];
        if (facts.Scopes.IsEmpty)
            return [new(WaitingCause.NotServed, $"No pool of this fleet serves {facts.Repository}.", "Add a pool with `github: { repo: … }` or the organization of the repository, then DeployRunners.")];

        var reasons = OfRunners(job, facts).Concat(OfSlots(job, facts)).ToList();
        reasons.AddRange(facts.Silent.Select(silent => new WaitingReason(WaitingCause.HostSilent, silent, "Its slots are not known of: bring the host back, then `./build.sh Status`.")));
        return reasons.Count > 0 ? [.. reasons] : [new(WaitingCause.RunnersOffline, "No runner that fits is online, and every slot that could make one is between two.", "Look again in a minute; if it stays so, `./build.sh Status`.")];
    }

    private static string Elsewhere(QueuedJob job, QueueFacts facts) => (job.Status, facts.RunStatus) switch
    {
        (_, "action_required") => Approval,
        ("waiting", _) => "It waits for another job of the run (`needs`), or for an environment's approval.",
        _ => $"GitHub has not queued it for a runner yet ({job.Status}; the run is {facts.RunStatus}): a concurrency group or the account's limits.",
    };

    private static IEnumerable<WaitingReason> OfRunners(QueuedJob job, QueueFacts facts)
    {
        var able = facts.Runners.Where(runner => Has(runner.Labels, job)).ToList();
        if (able.Count == 0 && !facts.Slots.Any(slot => Has(slot.Labels, job)))
            yield return new(WaitingCause.NoSuchRunner, Missing(job, facts), "Add the label to a pool's `labels` and run DeployRunners, or correct `runs-on`.");

        var closed = able.Where(runner => !runner.Admitted).ToList();
        if (closed.Count > 0 && !able.Any(runner => runner is { Admitted: true, Online: true, Busy: false }))
            yield return new(
                WaitingCause.GroupClosed, $"The runner group {string.Join(", ", closed.Select(runner => runner.Group).Distinct())}, which {Count(closed.Count, "runner")} that would fit {(closed.Count == 1 ? "is" : "are")} in, does not admit {facts.Repository}.",
                "Admit the repository in the group's settings at GitHub, or give the pool another `group`.");

        var admitted = able.Where(runner => runner.Admitted).ToList();
        var online = admitted.Where(runner => runner.Online).ToList();
        if (online.Count > 0 && online.TrueForAll(runner => runner.Busy))
            yield return new(WaitingCause.AllBusy, $"All of the {Count(online.Count, "runner")} that would fit {(online.Count == 1 ? "has a job" : "have jobs")}: {string.Join(", ", online.Select(runner => runner.Name))}.", "Wait, or raise the pool's `count`.");
        else if (online.Count > 0)
            yield return new(WaitingCause.Imminent, $"{online.First(runner => !runner.Busy).Name} fits and is idle: GitHub has not given it the job yet.", "Wait a moment; if it stays so, see https://www.githubstatus.com.");
        else if (admitted.Count > 0 && facts.Silent.IsEmpty && !facts.Slots.Any(slot => slot.State == "Parked"))
            yield return new(WaitingCause.RunnersOffline, $"{Count(admitted.Count, "runner")} that would fit {(admitted.Count == 1 ? "is" : "are")} offline: {string.Join(", ", admitted.Select(runner => runner.Name))}.", "See `./build.sh Status`, and the hosts' network.");
    }

    private static IEnumerable<WaitingReason> OfSlots(QueuedJob job, QueueFacts facts)
    {
        var able = facts.Slots.Where(slot => Has(slot.Labels, job)).ToList();
        var parked = able.Where(slot => slot.State == "Parked").ToList();
        if (parked.Count > 0)
            yield return new(WaitingCause.SlotsParked, $"{Count(parked.Count, "slot")} that would fit {(parked.Count == 1 ? "is" : "are")} parked: {string.Join("; ", parked.GroupBy(slot => slot.Reason).Select(same => $"{string.Join(", ", same.Select(slot => $"{slot.Host} {slot.Slot}"))}: {same.Key}"))}", "Correct the cause that the slot names; it goes on by itself.");
        var drained = able.Where(slot => slot.Drained).ToList();
        if (drained.Count > 0)
            yield return new(WaitingCause.SlotsDrained, $"{Count(drained.Count, "slot")} that would fit {(drained.Count == 1 ? "was" : "were")} drained: {string.Join(", ", drained.Select(slot => $"{slot.Host} {slot.Slot}"))}.", "`./build.sh Resume` lets them serve again.");
    }

    /// <summary>Which label is short: what the nearest runner or slot lacks.</summary>
    private static string Missing(QueuedJob job, QueueFacts facts)
    {
        var known = facts.Runners.Select(runner => runner.Labels).Concat(facts.Slots.Select(slot => slot.Labels)).ToList();
        var nearest = known.Select(labels => job.Labels.Where(label => !labels.Contains(label, StringComparer.OrdinalIgnoreCase)).ToList()).MinBy(lacking => lacking.Count) ?? [.. job.Labels];
        return $"No runner has all of [{string.Join(", ", job.Labels)}]: {string.Join(", ", nearest)} {(nearest.Count == 1 ? "is" : "are")} short.";
    }

    private static bool Has(ImmutableArray<string> labels, QueuedJob job) => job.Labels.All(label => labels.Contains(label, StringComparer.OrdinalIgnoreCase));

    private static string Count(int count, string thing) => $"{count} {thing}{(count == 1 ? "" : "s")}";
}
