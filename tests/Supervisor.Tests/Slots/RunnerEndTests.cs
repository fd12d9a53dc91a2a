using Supervisor.Slots;

namespace Supervisor.Tests.Slots;

public sealed class RunnerEndTests
{
    private static Outcome.Ended After(double seconds, RunnerStage stage, int code = 0) =>
        new(code, TimeSpan.FromSeconds(seconds), false, new RunnerProgress(stage, LastLine: "words"), null);

    private static string? ReasonOf(Outcome.Ended end, int inARow = 1) => RunnerEnd.SetbackOf(end, inARow, new Timing())?.Reason;

    [Fact]
    public void A_job_however_short_is_a_normal_end() => ReasonOf(After(0.5, RunnerStage.Completed, 1)).ShouldBeNull();

    [Fact]
    public void An_idle_runner_sent_home_is_a_normal_end() => ReasonOf(After(120, RunnerStage.Listening)).ShouldBeNull();

    [Fact]
    public void A_short_life_is_a_failure_though_the_exit_code_is_0() =>
        ReasonOf(After(9.9, RunnerStage.Listening)).ShouldBe("The runner ended after 9.9 s with exit code 0 without taking a job; its last words: words.");

    [Fact]
    public void A_runner_that_never_listened_has_failed() => ReasonOf(After(60, RunnerStage.Starting, 2)).ShouldNotBeNull();

    [Theory]
    [InlineData(60, 1, null)]
    [InlineData(60, 2, null)]
    [InlineData(60, 3, "3 runners in a row ended without taking a job, the last after 60.0 s with exit code 1; its last words: words.")]
    [InlineData(120, 30, null)]
    [InlineData(5, 1, "The runner ended after 5.0 s with exit code 1 without taking a job; its last words: words.")]
    public void Many_idle_runners_sent_home_soon_are_a_loop(double seconds, int inARow, string? reason) =>
        ReasonOf(After(seconds, RunnerStage.Listening, 1), inARow).ShouldBe(reason);

    [Fact]
    public void A_container_that_never_started_says_nothing() =>
        ReasonOf(new Outcome.Ended(7, null, false, RunnerProgress.None, null), 9).ShouldBeNull();

    [Theory]
    [InlineData(3, "update itself")]
    [InlineData(4, "update itself")]
    [InlineData(7, "no longer accepts the runner program's version")]
    public void The_runners_own_update_and_deprecation_are_failures_after_any_time(int code, string reason) =>
        ReasonOf(After(600, RunnerStage.Listening, code))!.ShouldContain(reason);
}
