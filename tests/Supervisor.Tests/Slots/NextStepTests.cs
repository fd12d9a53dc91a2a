using CsCheck;
using Supervisor.Slots;

namespace Supervisor.Tests.Slots;

public sealed class NextStepTests
{
    private static readonly Gen<SlotView> views =
        from container in Gen.Int[0, 3].Select(i => i == 0 ? null : (ContainerPhase?)(i - 1))
        from stage in Gen.Int[0, 3].Select(i => (RunnerStage)i)
        from flags in Gen.Bool.Array[10]
        select new SlotView
        {
            Container = container, Stage = stage, Acting = flags[0], IsCurrent = flags[1], Serves = flags[2], IsGhost = flags[3],
            IsStuck = flags[4], HeldBack = flags[5], RemovalHeldBack = flags[6], Overlaps = flags[7], IsOffline = flags[8], IsOverdue = flags[9],
        };

    [Fact]
    public void A_runner_that_took_a_job_is_never_touched_while_its_container_runs() => views
        .Select(view => view with { Container = ContainerPhase.Running, Stage = RunnerStage.Running })
        .Sample(view => NextStep.Of(view) == Step.Wait);

    [Fact]
    public void A_runner_is_set_aside_only_when_its_job_is_completed_and_another_may_run_beside_it() => views
        .Sample(view => NextStep.Of(view) != Step.SetAside || view is { Stage: RunnerStage.Completed, Serves: true, Overlaps: true, Acting: false });

    [Fact]
    public void A_runner_whose_job_is_completed_is_never_recycled() => views
        .Select(view => view with { Container = ContainerPhase.Running, Stage = RunnerStage.Completed })
        .Sample(view => NextStep.Of(view) is Step.Wait or Step.SetAside || (NextStep.Of(view) == Step.Clean && view.IsOverdue));

    [Fact]
    public void A_runner_whose_job_is_completed_and_that_never_ends_is_removed_in_every_view() => views
        .Select(view => view with { Container = ContainerPhase.Running, Stage = RunnerStage.Completed, IsOverdue = true, Acting = false, RemovalHeldBack = false })
        .Sample(view => NextStep.Of(view) is Step.Clean or Step.SetAside);

    [Fact]
    public void A_runner_is_only_made_where_there_is_no_container_and_one_is_wanted() => views
        .Sample(view => NextStep.Of(view) != Step.Spawn || view is { Container: null, Serves: true, HeldBack: false, Acting: false });

    [Fact]
    public void Nothing_is_begun_while_something_is_under_way() => views
        .Select(view => view with { Acting = true })
        .Sample(view => NextStep.Of(view) == Step.Wait);

    [Fact]
    public void A_container_that_does_not_run_is_cleaned_and_never_started_again() => views
        .Select(view => view with { Acting = false, RemovalHeldBack = false })
        .Where(view => view.Container is ContainerPhase.Made or ContainerPhase.Ended)
        .Sample(view => NextStep.Of(view) is Step.Clean or Step.SetAside);

    [Theory]
    [InlineData(false, true, false, false, false)]
    [InlineData(true, false, false, false, false)]
    [InlineData(true, true, true, false, false)]
    [InlineData(true, true, false, true, false)]
    [InlineData(true, true, false, false, true)]
    public void An_idle_runner_that_is_not_wanted_any_more_is_recycled(bool current, bool serves, bool ghost, bool offline, bool stuck) => NextStep
        .Of(new SlotView { Container = ContainerPhase.Running, Stage = RunnerStage.Listening, IsCurrent = current, Serves = serves, IsGhost = ghost, IsOffline = offline, IsStuck = stuck })
        .ShouldBe(Step.Recycle);

    [Fact]
    public void An_idle_runner_that_awaits_its_turn_is_replaced_for_anything_but_its_settings()
    {
        var idle = new SlotView { Container = ContainerPhase.Running, Stage = RunnerStage.Listening, IsCurrent = false, AwaitsTurn = true };
        NextStep.Of(idle).ShouldBe(Step.Wait);
        foreach (var view in new[] { idle with { Serves = false }, idle with { IsGhost = true }, idle with { IsOffline = true }, idle with { IsStuck = true } })
            NextStep.Of(view).ShouldBe(Step.Recycle);
    }

    [Fact]
    public void An_idle_runner_that_is_wanted_is_left_alone() => NextStep
        .Of(new SlotView { Container = ContainerPhase.Running, Stage = RunnerStage.Listening })
        .ShouldBe(Step.Wait);
}
