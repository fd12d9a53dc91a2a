using Supervisor.Slots;

namespace Supervisor.Tests.Slots;

public sealed class RunnerProgressTests
{
    private static RunnerProgress After(params string[] lines) => lines.Aggregate(RunnerProgress.None, (progress, line) => progress.After(line));

    [Fact]
    public void A_runners_output_tells_what_it_does()
    {
        After("√ Connected to GitHub").Stage.ShouldBe(RunnerStage.Starting);
        After("2026-01-01 10:00:00Z: Listening for Jobs").Stage.ShouldBe(RunnerStage.Listening);
        After("2026-01-01 10:00:00Z: Listening for Jobs", "2026-01-01 10:00:01Z: Running job: build (a, b)")
            .ShouldBe(new RunnerProgress(RunnerStage.Running, "build (a, b)"));
        After("2026-01-01 10:00:01Z: Running job: build", "2026-01-01 10:00:02Z: Job build completed with result: Failed")
            .ShouldBe(new RunnerProgress(RunnerStage.Completed, "build", "Failed"));
    }

    [Fact]
    public void A_job_that_imitates_the_runner_cannot_look_idle() =>
        After("2026-01-01 10:00:01Z: Running job: build", "2026-01-01 10:00:02Z: Listening for Jobs").Stage.ShouldBe(RunnerStage.Running);

    [Fact]
    public void A_jobs_name_cannot_steer_a_terminal() =>
        After("2026-01-01 10:00:01Z: Running job: a\u001b[2Jb" + new string('x', 500)).Job.ShouldBe("a[2Jb" + new string('x', 195));
}
