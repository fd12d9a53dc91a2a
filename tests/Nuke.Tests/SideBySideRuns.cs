using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using Serilog;

namespace Nuke.Tests;

/// <summary>With --parallel independent targets run at the same time; their output stays apart, and all rules hold as before.</summary>
public class SideBySideRuns
{
    [Fact]
    public void Independent_targets_run_at_the_same_time_and_dependent_ones_after_them()
    {
        using var site = new Site();
        var result = site.Run<MeetingBuild>("Together", "--parallel", "2", "--no-logo");
        result.ExitCode.ShouldBe(0);
        result.Output.ShouldMatch("(?s)met.*met.*both are there: 2");
    }

    [Fact]
    public void Without_it_they_run_one_after_the_other()
    {
        using var site = new Site();
        site.Run<MeetingBuild>("Together").Output.ShouldContain("nobody came");
    }

    [Fact]
    public void The_output_of_each_target_is_in_one_piece()
    {
        using var site = new Site();
        var output = site.Run<MeetingBuild>("Talk", "--parallel", "--no-logo").Output;
        foreach (var name in new[] { "Left", "Right" })
            output.ShouldContain(string.Concat(Enumerable.Range(0, 50).Select(i => $"HH:mm:ss [INF] {name} {i}\n{name} wrote {i}\n")));
        output.ShouldMatch("Left\u00A0+Succeeded.*// Side: Left\n");
        output.ShouldMatch("Right\u00A0+Succeeded.*// Side: Right\n");
        var log = site.Read(".nuke/temp/build.log");
        log.ShouldContain("| I | Left                 | Left 49");
        log.ShouldContain("| O | Right                | Right wrote 49");
    }

    [Fact]
    public void After_a_failure_nothing_new_begins_and_assured_targets_run()
    {
        using var site = new Site();
        var result = site.Run<MeetingBuild>("After", "--parallel", "2", "--no-logo");
        result.ExitCode.ShouldBe(1);
        result.Output.ShouldMatch("(?s)slow one ended.*tidied");
        result.Output.ShouldMatch("Fails\u00A0+Failed");
        result.Output.ShouldMatch("SlowOne\u00A0+Succeeded");
        result.Output.ShouldMatch("After\u00A0+NotRun");
    }

    [Theory]
    [InlineData("--parallel", "0")]
    [InlineData("--parallel=-1")]
    [InlineData("--parallel=many")]
    public void A_number_below_one_is_refused(params string[] arguments)
    {
        using var site = new Site();
        site.Run<MeetingBuild>(["Talk", .. arguments]).ExitCode.ShouldBe(2);
    }

    private sealed class MeetingBuild : NukeBuild, IDisposable
    {
        private readonly Barrier _meeting = new(2);
        private readonly Barrier _started = new(2);

        private Target Here => _ => _.Executes(Meet);
        private Target There => _ => _.Executes(Meet);
        private Target Together => _ => _.DependsOn(Here, There).Executes(() => Log.Information("both are there: {Count}", SucceededTargets.Count));

        private Target Left => _ => _.Executes(() => Say("Left"));
        private Target Right => _ => _.Executes(() => Say("Right"));
        private Target Talk => _ => _.DependsOn(Left, Right).Executes(() => { });

        private Target Fails => _ => _.Executes(() =>
        {
            _started.SignalAndWait(TimeSpan.FromSeconds(10));
            throw new InvalidOperationException("failed");
        });

        private Target SlowOne => _ => _.Executes(async () =>
        {
            _started.SignalAndWait(TimeSpan.FromSeconds(10));
            await Task.Delay(200);
            Log.Information("slow one ended");
        });

        private Target After => _ => _.DependsOn(Fails, SlowOne).Triggers(Tidy).Executes(() => { });
        private Target Tidy => _ => _.AssuredAfterFailure().Executes(() => Log.Information("tidied"));

        private void Meet() => Log.Information(_meeting.SignalAndWait(TimeSpan.FromSeconds(2)) ? "met" : "nobody came");

        public void Dispose()
        {
            _meeting.Dispose();
            _started.Dispose();
        }

        private void Say(string name)
        {
            for (var i = 0; i < 50; i++)
            {
                Log.Information("{Name:l} {I}", name, i);
                Console.WriteLine($"{name} wrote {i}");
                Thread.Yield();
            }

            ReportSummary(_ => _.AddPair("Side", name));
        }
    }
}
