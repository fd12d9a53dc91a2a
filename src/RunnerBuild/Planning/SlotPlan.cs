using System.Collections.Immutable;
using RunnerBuild.Desired;
using RunnerBuild.Facts;

namespace RunnerBuild.Planning;

/// <summary>Waits until every slot serves, or says why one does not.</summary>
/// <param name="Configuration">SHA-256 of the settings that the supervisor must run with.</param>
internal sealed record AwaitSlots(ImmutableArray<WantedSlot> Slots, string Configuration) : Step
{
    protected override string Text => $"wait for {Slots.Length} {(Slots.Length == 1 ? "runner" : "runners")}";
}

/// <summary>
/// What separates the supervisor's report from the slots that are wanted. A single registration comes and goes with every job, so only
/// what lasts is compared: that a slot is there, serves, and with which image.
/// </summary>
internal static class SlotPlan
{
    private const string Reload = "systemctl reload github-docker-runners.service";

    /// <param name="restarts">The same plan starts the supervisor anew, which then reads its settings itself.</param>
    public static IEnumerable<Change> Diff(RunnerDeployment wanted, SupervisorStatus? have, bool restarts)
    {
        var fingerprint = SupervisorConfiguration.Fingerprint(wanted.Configuration);
        var changes = new List<Change>();
        if (have is not null && have.Configuration != fingerprint && !restarts)
            changes.Add(new Change(
                "supervisor", "configuration", Short(have.Configuration), Short(fingerprint), [new RunScript("reload the supervisor's settings", Reload, [])]));
        changes.AddRange(wanted.Slots.SelectMany(slot => Diff(slot, have?.Slots.FirstOrDefault(status => status.Name == slot.Name))));
        changes.AddRange((have?.Slots ?? []).Where(status => status.State == "Idle" && wanted.Slots.All(slot => slot.Name != status.Name))
            .Select(status => new Change($"slot/{status.Name}", "runner", status.Runner, null, [])));
        if (changes.Count == 0 && !restarts)
            return [];
        changes.Add(new Change("slots", "serving", null, $"{wanted.Slots.Length}", [new AwaitSlots(wanted.Slots, fingerprint)]));
        return changes;
    }

    private static IEnumerable<Change> Diff(WantedSlot wanted, SlotStatus? have)
    {
        var id = $"slot/{wanted.Name}";
        if (have is null)
            yield return new Change(id, "runner", null, $"{wanted.Pool.Name}: {string.Join(',', wanted.Pool.Labels)}", []);
        else if (have is { Passing: false, Reason: { } reason })
            yield return new Change(id, "state", $"{have.State}: {reason}", "serving", []);
        else if (have.State == "Idle" && have.Image != wanted.Image)
            yield return new Change(id, "image", have.Image, wanted.Image, []);
    }

    private static string Short(string hash) => hash.Length > 12 ? hash[..12] : hash;
}
