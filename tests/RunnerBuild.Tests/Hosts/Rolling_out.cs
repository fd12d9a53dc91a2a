using System.Collections.Immutable;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Planning;

namespace RunnerBuild.Tests.Hosts;

public class Rolling_out
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly AwaitSlots Wanted = new(WantedSlot.Of(Samples.Host, Samples.Image), "new");

    [Theory]
    [InlineData("Idle", false, Samples.Image, SlotStage.Done)]
    [InlineData("Idle", true, Samples.Image, SlotStage.Queued)]
    [InlineData("Idle", true, "older:1", SlotStage.Queued)]
    [InlineData("Idle", false, "older:1", SlotStage.Moving)]
    [InlineData("Busy", false, Samples.Image, SlotStage.Done)]
    [InlineData("Busy", true, Samples.Image, SlotStage.Busy)]
    [InlineData("Parked", false, Samples.Image, SlotStage.Parked)]
    internal void A_slot_is_done_when_it_serves_with_what_was_deployed(string state, bool outdated, string image, SlotStage stage) =>
        Of(Slot("github-runner-1") with { State = state, Outdated = outdated, Image = image }).Stage.ShouldBe(stage);

    [Fact]
    public void A_busy_slot_is_told_with_its_job_and_what_comes_after_it() =>
        Of(Slot("github-runner-1") with { State = "Busy", Outdated = true, Image = "older:1", Job = "build", Since = Now.AddMinutes(-12) }).Text
            .ShouldBe("github-runner-1: busy with job build (12 min), on the older image; replaced when it ends");

    [Fact]
    public void The_slot_whose_job_the_run_is_is_handed_over()
    {
        var own = Rollout.Of(Wanted with { Own = "github-runner-1" }, Status(Slot("github-runner-1") with { State = "Busy", Outdated = true }), Now)[0];
        own.Stage.ShouldBe(SlotStage.Left);
        own.Text.ShouldContain("handed over to the supervisor");
    }

    [Fact]
    public void A_slot_whose_job_follows_the_refresh_is_handed_over_whoever_began_it()
    {
        var following = Slot("github-runner-1") with { State = "Busy", Outdated = true, FollowsRefresh = true };
        Of(following).Stage.ShouldBe(SlotStage.Left);
        Of(following).Text.ShouldContain("its job follows the refresh");
        Rollout.Of(Wanted, Status([.. Wanted.Slots.Select(slot => Slot(slot.Name)), following with { Name = "github-runner-3" }]), Now)[^1].Stage.ShouldBe(SlotStage.Left);
        Of(following with { State = "Idle" }).Stage.ShouldNotBe(SlotStage.Left);
    }

    [Fact]
    public void A_drained_slot_is_not_waited_for() =>
        Of(Slot("github-runner-1") with { State = "Empty", Drained = true, Reason = "Drained" }).Stage.ShouldBe(SlotStage.Left);

    [Fact]
    public void A_slot_that_is_to_go_is_waited_for_until_it_is_gone()
    {
        var three = Status([.. Wanted.Slots.Select(slot => Slot(slot.Name)), Slot("github-runner-3") with { State = "Busy", Job = "build", Since = Now }]);
        Rollout.Of(Wanted, three, Now).Select(slot => slot.Stage).ShouldBe([SlotStage.Done, SlotStage.Done, SlotStage.Busy]);
        Rollout.Of(Wanted, three, Now)[2].Text.ShouldContain("removed when it ends");
    }

    [Fact]
    public void A_wait_for_some_slots_looks_at_no_other()
    {
        var only = Wanted with { Only = ["github-runner-2", "github-runner-3"] };
        var have = Status(Slot("github-runner-1") with { State = "Parked" }, Slot("github-runner-2"), Slot("github-runner-3"), Slot("github-runner-4"));
        Rollout.Of(only, have, Now).Select(slot => (slot.Name, slot.Stage)).ShouldBe([("github-runner-2", SlotStage.Done), ("github-runner-3", SlotStage.Moving)]);
        Rollout.Of(only, have with { Configuration = "old" }, Now).Select(slot => slot.Stage).ShouldBe([SlotStage.Moving, SlotStage.Moving]);
    }

    [Fact]
    public void Nothing_is_done_before_the_supervisor_has_read_its_settings()
    {
        Rollout.Of(Wanted, Status(Slot("github-runner-1")) with { Configuration = "old" }, Now).ShouldAllBe(slot => slot.Stage == SlotStage.Moving);
        Rollout.Of(Wanted, null, Now).ShouldAllBe(slot => slot.Stage == SlotStage.Moving);
    }

    private static SlotProgress Of(SlotStatus slot) => Rollout.Of(Wanted, Status(slot), Now)[0];

    private static SupervisorStatus Status(params SlotStatus[] slots) => new("", "new", [.. slots]);

    private static SlotStatus Slot(string name) => new(name, "default", "Idle", $"{name}-x", "c", Samples.Image, ImmutableArray<string>.Empty, Now, null, null);
}
