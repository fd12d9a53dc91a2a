using Supervisor.Control;

namespace Supervisor.Tests.Control;

public sealed class RunnerCtlTests
{
    private static async Task<(int Code, string Output, string Errors)> Run(params string[] args)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        return (await RunnerCtl.RunAsync(args, output, errors), output.ToString(), errors.ToString());
    }

    [Theory]
    [InlineData]
    [InlineData("dance")]
    [InlineData("status", "--jsn")]
    [InlineData("probe", "slot-1")]
    [InlineData("probe", "slot-1", "--label", "x", "--jobs", "many")]
    [InlineData("drain", "--timeout", "soon")]
    [InlineData("drain", "--slot", "1", "--slot", "2")]
    [InlineData("logs")]
    [InlineData("history", "a", "b")]
    [InlineData("status", "--socket")]
    public async Task Wrong_usage_shows_the_help_and_ends_with_2(params string[] args)
    {
        var (code, _, errors) = await Run(args);
        code.ShouldBe(2);
        errors.ShouldContain("runnerctl status [--json]");
    }

    [Fact]
    public async Task Without_a_supervisor_it_says_what_to_look_at()
    {
        var (code, _, errors) = await Run("status", "--socket", "/nonexistent/control.sock");
        code.ShouldBe(1);
        errors.ShouldContain("Is it running? systemctl status github-docker-runners");
    }

    [Fact]
    public void The_table_is_aligned_and_shows_the_job_or_the_reason()
    {
        var since = new DateTimeOffset(2026, 1, 1, 10, 0, 0, TimeSpan.Zero);
        SlotStatus Row(string name, string state, string? runner, string? job, string? reason) =>
            new() { Name = name, Pool = "p", State = state, Runner = runner, Job = job, Reason = reason, Image = "i", Labels = [], Since = since };

        StatusTable.Of(new HostStatus(1, "b", "c", null, [Row("s-1", "Busy", "h-1-x", "build", null), Row("s-10", "Parked", null, null, "No image.")]), since.AddSeconds(90)).ShouldBe("""
            SLOT  POOL  STATE   SINCE      RUNNER  JOB    REASON
            s-1   p     Busy    1m30s ago  h-1-x   build
            s-10  p     Parked  1m30s ago  -       -      No image.
            """);
    }
}
