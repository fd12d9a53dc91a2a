using System.Collections.Immutable;
using RunnerBuild.Desired;
using RunnerBuild.Facts;

namespace RunnerBuild.Planning;

/// <summary>Follows the supervisor until every slot serves with what was deployed, or says why one does not.</summary>
/// <param name="Configuration">SHA-256 of the settings that the supervisor must run with.</param>
/// <param name="Own">The slot whose job this run is; null: none of this host.</param>
internal sealed record AwaitSlots(ImmutableArray<WantedSlot> Slots, string Configuration, string? Own = null) : Step
{
    /// <summary>Names of the slots that it is about, wanted or leaving; null: all.</summary>
    public ImmutableHashSet<string>? Only { get; init; }

    protected override string Text => $"wait for {Slots.Length} {(Slots.Length == 1 ? "runner" : "runners")}";
}

/// <summary>
/// What separates the supervisor's report from the slots that are wanted. A single registration comes and goes with every job, so only
/// what lasts is compared: that a slot is there, serves, and with which image. A busy slot that is still to be replaced or removed is no
/// difference: the supervisor has its orders, and no run could make it quicker. Neither is a drained one, which a person wanted so.
/// </summary>
internal static class SlotPlan
{
    private const string Reload = "systemctl reload github-docker-runners.service";

    /// <param name="restarts">The same plan starts the supervisor anew, which then reads its settings itself.</param>
    public static IEnumerable<Change> Diff(RunnerDeployment wanted, SupervisorStatus? have, bool restarts, string? own = null)
    {
        var fingerprint = SupervisorConfiguration.Fingerprint(wanted.Configuration);
        var changes = new List<Change>();
        if (have is not null && have.Configuration != fingerprint && !restarts)
            changes.Add(new Change(
                "supervisor", "configuration", Short(have.Configuration), Short(fingerprint), [new RunScript("reload the supervisor's settings", Reload, [])]));
        changes.AddRange(wanted.Slots.SelectMany(slot => Diff(slot, have?.Slots.FirstOrDefault(status => status.Name == slot.Name))));
        var leaving = (have?.Slots ?? []).Where(status => wanted.Slots.All(slot => slot.Name != status.Name)).ToList();
        changes.AddRange(leaving.Where(slot => slot.State == "Idle").Select(slot => new Change($"slot/{slot.Name}", "runner", slot.Runner, null, [])));
        if (changes.Count == 0 && !restarts)
            return [];
        changes.AddRange(leaving.Where(slot => slot.State == "Busy")
            .Select(slot => new Change($"slot/{slot.Name}", "runner", slot.Runner, null, [], Note: "when its job ends")));
        changes.Add(new Change("slots", "serving", null, $"{wanted.Slots.Length}", [new AwaitSlots(wanted.Slots, fingerprint, own)]));
        return changes;
    }

    private static IEnumerable<Change> Diff(WantedSlot wanted, SlotStatus? have)
    {
        var id = $"slot/{wanted.Name}";
        if (have is null)
            yield return new Change(id, "runner", null, $"{wanted.Pool.Name}: {string.Join(',', wanted.Pool.Labels)}", []);
        else if (have is { Passing: false, Drained: false, Reason: { } reason })
            yield return new Change(id, "state", $"{have.State}: {reason}", "serving", []);
        else if (have.State == "Idle" && have.Image != wanted.Image)
            yield return new Change(id, "image", have.Image, wanted.Image, []);
    }

    private static string Short(string hash) => hash.Length > 12 ? hash[..12] : hash;
}
