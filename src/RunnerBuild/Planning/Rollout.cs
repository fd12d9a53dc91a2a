using System.Collections.Immutable;
using RunnerBuild.Desired;
using RunnerBuild.Facts;

namespace RunnerBuild.Planning;

/// <summary>
/// <c>Done</c>: serves with what was deployed. <c>Left</c>: not waited for, by a person's wish or because this run would wait for itself.
/// <c>Queued</c>: serves with what was there before, until the slots before it are replaced.
/// </summary>
internal enum SlotStage { Done, Left, Busy, Queued, Moving, Parked }

/// <summary>How far one slot is on its way to what was deployed.</summary>
/// <param name="Text">One sentence for people.</param>
internal sealed record SlotProgress(string Name, SlotStage Stage, string Text);

/// <summary>
/// When a rollout is done: each slot serves with what was deployed, and those that are no longer wanted are gone. Idle slots change at once, busy
/// ones when their job ends, which takes as long as the job does.
/// </summary>
internal static class Rollout
{
    /// <param name="have">Null: the supervisor does not answer.</param>
    /// <param name="now">To tell how long a job runs.</param>
    public static ImmutableArray<SlotProgress> Of(AwaitSlots wanted, SupervisorStatus? have, DateTimeOffset now)
    {
        var names = wanted.Only ?? [.. wanted.Slots.Select(slot => slot.Name)];
        if (have is null)
            return [.. names.Select(slot => Moving(slot, "the supervisor does not answer yet"))];
        if (have.Configuration != wanted.Configuration)
            return [.. names.Select(slot => Moving(slot, "the supervisor has not read its settings yet"))];
        var all = All(wanted, have, now);
        return wanted.Only is null ? all : [.. all.Where(slot => names.Contains(slot.Name))];
    }

    private static ImmutableArray<SlotProgress> All(AwaitSlots wanted, SupervisorStatus have, DateTimeOffset now) =>
        [
            .. wanted.Slots.Select(slot => Of(slot, have.Slots.FirstOrDefault(status => status.Name == slot.Name), wanted.Own, now)),
            .. have.Slots.Where(status => wanted.Slots.All(slot => slot.Name != status.Name)).Select(status => Leaving(status, wanted.Own, now)),
        ];

    private static SlotProgress Of(WantedSlot wanted, SlotStatus? have, string? own, DateTimeOffset now) => have switch
    {
        null => Moving(wanted.Name, "not there yet"),
        { Drained: true } => new(have.Name, SlotStage.Left, $"{have.Name}: drained, so it stays empty until `Resume`"),
        { State: "Busy", Outdated: false } => new(have.Name, SlotStage.Done, $"{have.Name}: busy"),
        { State: "Busy" } when have.Name == own || have.FollowsRefresh => HandedOver(have, own, "replaces its container"),
        { State: "Busy" } => new(have.Name, SlotStage.Busy, $"{have.Name}: {Job(have, now)}, on the older {(have.Image == wanted.Image ? "settings" : "image")}; replaced when it ends"),
        { State: "Idle", Outdated: false } when have.Image == wanted.Image => new(have.Name, SlotStage.Done, $"{have.Name}: idle"),
        { State: "Idle", Outdated: true } => new(have.Name, SlotStage.Queued, $"{have.Name}: idle, on the older {(have.Image == wanted.Image ? "settings" : "image")} until its turn comes"),
        { State: "Parked" } => new(have.Name, SlotStage.Parked, $"{have.Name}: Parked, {have.Reason}"),
        _ => Moving(have.Name, have.Reason is { } reason ? $"{have.State}, {reason}" : have.State),
    };

    private static SlotProgress Leaving(SlotStatus have, string? own, DateTimeOffset now) => have switch
    {
        { State: "Busy" } when have.Name == own || have.FollowsRefresh => HandedOver(have, own, "removes it"),
        { State: "Busy" } => new(have.Name, SlotStage.Busy, $"{have.Name}: {Job(have, now)}; removed when it ends"),
        _ => Moving(have.Name, "being removed"),
    };

    // Its job waits for this run, so this run does not wait for it.
    private static SlotProgress HandedOver(SlotStatus slot, string? own, string then) => new(
        slot.Name, SlotStage.Left, $"{slot.Name}: handed over to the supervisor: {(slot.Name == own ? "this run is its job" : "its job follows the refresh")}, and when it ends the supervisor {then}");

    internal static string Job(SlotStatus slot, DateTimeOffset now) =>
        $"busy with job {slot.Job ?? "(unknown)"}{(slot.Since is { } since ? $" ({(int)Math.Max(0, (now - since).TotalMinutes)} min)" : "")}";

    private static SlotProgress Moving(string slot, string what) => new(slot, SlotStage.Moving, $"{slot}: {what}");
}
