using Nuke.Common;
using Serilog;

namespace Nuke.Tests;

/// <summary>What a failing target does to the rest, and to the exit code.</summary>
public class Failures
{
    [Theory]
    [InlineData("Known", 2)]
    [InlineData("Unknown", 1)]
    [InlineData("Chosen", 7)]
    [InlineData("Lenient", 1)]
    [InlineData("Fine", 0)]
    public void The_exit_code_follows_the_failure(string target, int code)
    {
        using var site = new Site();
        site.Run<FailingBuild>(target).ExitCode.ShouldBe(code);
    }

    [Fact]
    public void A_described_exception_shows_no_stack()
    {
        using var site = new Site();
        var output = site.Run<FailingBuild>("Known", "--no-logo").Output;
        output.ShouldContain("HH:mm:ss [ERR] The disk is full.\nFree some.\n");
        output.ShouldContain("[ERR] Known: The disk is full.\n");
        output.ShouldContain("// KnownException: The disk is full.");
        output.ShouldNotContain("stack frames");
    }

    [Fact]
    public void Dependents_run_after_a_target_that_proceeds()
    {
        using var site = new Site();
        site.Run<FailingBuild>("AfterLenient").Output.ShouldContain("went on");
    }

    [Fact]
    public void Assured_targets_run_after_a_failure_even_when_one_of_them_fails()
    {
        using var site = new Site();
        var output = site.Run<FailingBuild>("Guarded").Output;
        output.ShouldContain("second assured target, failing: True");
        output.ShouldContain("NotDone\u00A0");
        output.ShouldNotContain("not done ran");
    }

    [Fact]
    public void An_exception_of_a_hook_ends_the_run_like_one_of_a_target()
    {
        using var site = new Site();
        site.Environment["HOOK"] = "OnBuildInitialized";
        var result = site.Run<FailingBuild>("Fine");
        result.ExitCode.ShouldBe(2);
        result.Output.ShouldContain("[ERR] The disk is full.");
        result.Output.ShouldContain("NotRun");
    }

    [Fact]
    public void Several_asynchronous_actions_are_waited_for()
    {
        using var site = new Site();
        site.Run<FailingBuild>("Slowly").Output.ShouldMatch("(?s)first done.*second done.*Slowly.*Succeeded");
    }

    [Fact]
    public void All_unmet_requirements_are_told_at_once()
    {
        using var site = new Site();
        var result = site.Run<RequiringBuild>("Two");
        result.ExitCode.ShouldBe(2);
        result.Output.ShouldContain("Target 'One' requires member 'First' to be not null or empty: give --first or set the environment variable FIRST\n");
        result.Output.ShouldContain("Target 'Two' requires member 'Second' to be not null or empty: give --second or set the environment variable SECOND\n");
        result.Output.ShouldContain("Target 'Two' requires 'Second > 3'\n");
        result.Output.ShouldContain("Member 'Always' is required to be not null or empty: give --always or set the environment variable ALWAYS\n");

        site.Run<RequiringBuild>("Two", "--first", "x", "--second", "4", "--always", "x").ExitCode.ShouldBe(0);
        site.Run<RequiringBuild>("Two", "--skip", "One", "--second", "4", "--always", "x").ExitCode.ShouldBe(0);
    }

    private sealed class KnownException() : Exception("The disk is full.\nFree some.");

    private sealed class FailingBuild : NukeBuild
    {
        [Parameter] private readonly string? Hook;

        private Target Fine => _ => _.Executes(() => { });
        private Target Known => _ => _.Executes(() => throw new KnownException());
        private Target Unknown => _ => _.Executes(() => throw new InvalidOperationException("odd"));
        private Target Lenient => _ => _.ProceedAfterFailure().Executes(() => throw new InvalidOperationException("odd"));
        private Target AfterLenient => _ => _.DependsOn(Lenient).Executes(() => Log.Information("went on"));

        private Target Chosen => _ => _.Executes(() =>
        {
            ExitCode = 7;
            throw new KnownException();
        });

        private Target Guarded => _ => _.Triggers(FirstAssured, SecondAssured, NotDone).Executes(() => throw new InvalidOperationException("odd"));
        private Target FirstAssured => _ => _.AssuredAfterFailure().Executes(() => throw new InvalidOperationException("odd too"));

        private Target SecondAssured => _ => _.AssuredAfterFailure().After(FirstAssured)
            .Executes(() => Log.Information("second assured target, failing: {Failing}", IsFailing));

        private Target NotDone => _ => _.Executes(() => Log.Information("not done ran"));

        private Target Slowly => _ => _.Executes(
            async () =>
            {
                await Task.Delay(20);
                Log.Information("first done");
            },
            async () =>
            {
                await Task.Delay(20);
                Log.Information("second done");
            });

        protected internal override void OnBuildInitialized()
        {
            if (Hook == nameof(OnBuildInitialized))
                throw new KnownException();
        }

        protected internal override int ExitCodeOf(Exception exception) => exception is KnownException ? 2 : 1;

        protected internal override string? Describe(Exception exception) => exception is KnownException ? exception.Message : null;
    }

    private sealed class RequiringBuild : NukeBuild
    {
        [Parameter] private readonly string? First;
        [Parameter] private readonly int? Second;
        [Parameter, Required] private readonly string? Always;

        private Target One => _ => _.Requires(() => First).Executes(() => { });
        private Target Two => _ => _.DependsOn(One).Requires(() => Second).Requires(() => Second > 3).Executes(() => { });
    }
}
