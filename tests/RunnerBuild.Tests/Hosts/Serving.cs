using RunnerBuild.Facts;
using RunnerBuild.Planning;

namespace RunnerBuild.Tests.Hosts;

/// <summary>What a dry run of Drain and of Resume shows.</summary>
public class Serving
{
    private static SlotStatus Idle { get; } = new("github-runner-1", "default", "Idle", "r", "c", "i", [], null, null, null);

    private static SlotStatus Drained { get; } = Idle with { Name = "github-runner-2", State = "Empty", Drained = true };

    [Fact]
    public void Only_slots_that_are_not_yet_so_would_change()
    {
        ServicePlan.Diff([Idle, Drained], drained: true).Select(change => (change.Resource, change.From, change.To)).ShouldBe([("slot/github-runner-1", "serving", "drained")]);
        ServicePlan.Diff([Idle, Drained], drained: false).Select(change => (change.Resource, change.From, change.To)).ShouldBe([("slot/github-runner-2", "drained", "serving")]);
    }

    [Fact]
    public void A_busy_slot_ends_its_job_first() => ServicePlan.Diff([Idle with { State = "Busy" }], drained: true).Single().Note.ShouldBe("when its job ends");
}
