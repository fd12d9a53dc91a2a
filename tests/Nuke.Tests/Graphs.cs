using CsCheck;
using Nuke.Common;
using Nuke.Common.Execution;
using Serilog;

namespace Nuke.Tests;

/// <summary>Which targets run, in which order, and which are left out.</summary>
public class Graphs
{
    [Fact]
    public void A_circle_of_any_edges_is_refused_even_for_a_target_outside_of_it()
    {
        using var site = new Site();
        var result = site.Run<CircularBuild>("Other", "--no-logo");
        result.Output.ShouldBe("Circular dependencies between targets:\n - C, B, A\n");
        result.ExitCode.ShouldBe(2);
    }

    [Fact]
    public void A_target_cannot_depend_on_itself()
    {
        using var site = new Site();
        var result = site.Run<NarcissisticBuild>("A", "--no-logo");
        result.Output.ShouldBe("Target 'A' cannot have a dependency on itself\n");
        result.ExitCode.ShouldBe(2);
    }

    [Fact]
    public void The_plan_is_shown_as_text_and_nothing_runs()
    {
        using var site = new Site();
        var result = site.RunSample("--plan", "--no-logo", "--skip", "CreateVm", "Report");
        result.Output.ShouldBe("""
            hook: OnBuildCreated
            Execution plan (nothing was run):

              1. CreateVm          => CollectLogs  // Skipped: via parameter
              2. BootstrapHost     -> CreateVm
              3. BuildCustomImage  -> BootstrapHost  // OnlyWhen: custom condition text && ImageDirectory != null
              4. DeployRunners     -> BuildCustomImage
              5. Verify            -> DeployRunners  => Report
              6. CollectLogs       ~> Verify  // Skipped: because of CreateVm
              7. Report            // Skipped: via parameter

              -> needs   ~> runs after   => triggers


            """);
        result.ExitCode.ShouldBe(0);
        Directory.EnumerateFileSystemEntries(site.At(".nuke")).ShouldBeEmpty();
    }

    [Fact]
    public void A_bare_skip_leaves_only_what_was_asked_for()
    {
        using var site = new Site();
        site.Run<ListingBuild>("show", "--skip").Output.ShouldMatch("(?s)count 1.*Prepare\u00A0+Skipped.*via parameter.*Show\u00A0+Succeeded");
    }

    [Fact]
    public void A_bare_skip_leaves_the_default_target()
    {
        using var site = new Site();
        var result = site.RunSample("--skip", "--no-logo", "--runner-count", "1", "--github-token", "t0ken");
        result.ExitCode.ShouldBe(0);
        result.Output.ShouldContain("hook: OnTargetSucceeded Verify");
        result.Output.ShouldNotContain("hook: OnTargetRunning DeployRunners");
    }

    [Theory]
    [InlineData("CreateVm", "DeployRunners")]
    [InlineData("create-vm+deploy-runners")]
    [InlineData("CreateVm,DeployRunners")]
    public void Several_names_can_be_skipped(params string[] names)
    {
        using var site = new Site();
        var output = site.RunSample(["Verify", "--runner-count", "1", "--skip", .. names]).Output;
        output.ShouldMatch("CreateVm\u00A0+Skipped");
        output.ShouldMatch("DeployRunners\u00A0+Skipped");
        output.ShouldMatch("BuildCustomImage\u00A0+Skipped.*because of DeployRunners");
        output.ShouldMatch("Verify\u00A0+Succeeded");
    }

    [Fact]
    public void A_static_condition_takes_the_dependencies_along_that_nobody_else_needs()
    {
        using var site = new Site();
        site.RunSample("UsesStatic").Output.ShouldMatch("(?s)OnlyForStatic\u00A0+Skipped.*because of StaticSkip\n.*StaticSkip\u00A0+Skipped.*OnlyWhen: IsServerBuild\n.*UsesStatic\u00A0+Succeeded");
        site.RunSample("UsesStaticExecute").Output.ShouldMatch("OnlyForStatic\u00A0+Succeeded");
    }

    [Fact]
    public void A_plan_holds_all_dependencies_each_before_what_needs_it() =>
        Gen.Select(Gen.Int[2, 9], Gen.Int[0, 9999]).Sample((count, seed) =>
        {
            var targets = Random(count, seed);
            var wanted = targets[seed % count];
            var plan = ExecutionPlanner.Plan(targets, [wanted]);
            plan.ShouldContain(wanted);
            plan.Distinct().Count().ShouldBe(plan.Count);
            foreach (var (target, i) in plan.Select((target, i) => (target, i)))
            {
                target.ExecutionDependencies.ShouldAllBe(x => plan.Take(i).Contains(x));
                target.OrderDependencies.ShouldAllBe(x => !plan.Skip(i).Contains(x));
            }
        });

    // Edges go from later to earlier letters only, so that there is no circle; declared in a shuffled order.
    private static List<ExecutableTarget> Random(int count, int seed)
    {
        var random = new Random(seed);
        var build = new LetterBuild();
        var targets = TargetGraph.Members(typeof(LetterBuild)).Take(count).Select(x => new ExecutableTarget(x, (Target)x.GetValue(build)!, new TargetDefinition(build, x))).ToList();
        for (var i = 1; i < count; i++)
        {
            targets[i].ExecutionDependencies.AddRange(targets.Take(i).Where(_ => random.Next(3) == 0));
            targets[i].OrderDependencies.AddRange(targets.Take(i).Where(_ => random.Next(4) == 0));
        }

        return [.. targets.OrderBy(_ => random.Next())];
    }

    private sealed class LetterBuild : NukeBuild
    {
        private Target A => _ => _;
        private Target B => _ => _;
        private Target C => _ => _;
        private Target D => _ => _;
        private Target E => _ => _;
        private Target F => _ => _;
        private Target G => _ => _;
        private Target H => _ => _;
        private Target I => _ => _;
    }

    private sealed class CircularBuild : NukeBuild
    {
        private Target A => _ => _.DependsOn(B).Executes(() => { });
        private Target B => _ => _.After(C).Executes(() => { });
        private Target C => _ => _.DependsOn(A).Executes(() => { });
        private Target Other => _ => _.Executes(() => Log.Information("ran"));
    }

    private sealed class NarcissisticBuild : NukeBuild
    {
        private Target A => _ => _.DependsOn(A).Executes(() => { });
    }
}
