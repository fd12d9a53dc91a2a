using Nuke.Common;
using Serilog;

namespace Nuke.Tests;

/// <summary>Builds made of interfaces with default members, and targets that take over what another one says.</summary>
public class Components
{
    [Fact]
    public void A_context_puts_a_target_between_its_setup_and_its_cleanup()
    {
        using var site = new Site();
        site.Run<ContextBuild>("Work").Output.ShouldMatch("(?s)server up.*working.*server down");
    }

    [Fact]
    public void The_cleanup_runs_after_a_failure_too()
    {
        using var site = new Site();
        var result = site.Run<ContextBuild>("Break");
        result.Output.ShouldMatch("(?s)server up.*broken.*server down");
        result.ExitCode.ShouldBe(1);
    }

    [Fact]
    public void Parameters_of_a_component_come_from_every_source_and_may_have_a_prefix()
    {
        using var site = new Site();
        site.Environment["SERVER_PORT"] = "8080";
        site.Write(".nuke/parameters.json", """{ "ServerNames": ["a", "b"] }""");
        site.Run<ContextBuild>("Tell", "--server-host", "here").Output.ShouldContain("host here port 8080 names [\"a\", \"b\"] size none");
    }

    [Fact]
    public void A_try_form_does_nothing_when_the_component_is_not_there()
    {
        using var site = new Site();
        site.Run<ContextBuild>("Lonely").Output.ShouldMatch("(?s)Lonely.*Succeeded");
        site.Run<ContextBuild>("--help").Output.ShouldContain("Follower             -> Work");
    }

    [Fact]
    public void A_component_that_is_not_there_is_named_when_it_is_no_try_form()
    {
        using var site = new Site();
        var result = site.Run<BrokenBuild>("Any", "--no-logo");
        result.Output.ShouldBe("Target 'Any' names a target of 'IChecked', which 'BrokenBuild' does not implement: implement it, or use the Try… form.\n");
        result.ExitCode.ShouldBe(2);
    }

    [Fact]
    public void Base_goes_up_one_class_at_a_time()
    {
        using var site = new Site();
        site.Run<YoungestBuild>("Grow").Output.ShouldMatch("(?s)oldest.*middle.*youngest");
    }

    [Fact]
    public void A_target_can_take_over_the_default_of_a_component()
    {
        using var site = new Site();
        site.Run<InheritingBuild>("Check").Output.ShouldMatch("(?s)component.*own");
    }

    [Fact]
    public void What_is_consumed_without_names_is_all_that_is_produced()
    {
        using var site = new Site();
        site.Run<ArtifactBuild>("Take").Output.ShouldContain("taken [\"a.zip\", \"b.zip\", \"only.txt\"]");
    }

    private interface IServer : INukeBuild
    {
        Setup Up => _ => _.Executes(() => Log.Information("server up"));
        Cleanup Down => _ => _.Executes(() => Log.Information("server down"));
    }

    [ParameterPrefix("ServerPrefix")]
    private interface IServerParameters : INukeBuild
    {
        [Parameter("Host of the server", Name = "Host")] string? Place => TryGetValue(() => Place);
        [Parameter] int Port => TryGetValue<int?>(() => Port) ?? 80;
        [Parameter] string[] Names => TryGetValue(() => Names) ?? [];
        [Parameter] string? Size => TryGetValue(() => Size);
        Target Tell => _ => _.Executes(() => Log.Information("host {Host} port {Port} names {Names} size {Size}", Place, Port, Names, Size ?? "none"));
    }

    private interface IAbsent : INukeBuild
    {
        Target Absent => _ => _.Executes(() => { });
    }

    private interface IChecked : INukeBuild
    {
        Target Check => _ => _.Executes(() => Log.Information("component"));
    }

    private sealed class ContextBuild : NukeBuild, IServer, IServerParameters
    {
        private Target Work => _ => _.DependsOnContext<IServer>().Executes(() => Log.Information("working"));
        private Target Break => _ => _.DependsOnContext<IServer>().Executes(() => throw new InvalidOperationException("broken"));
        private Target Lonely => _ => _.TryDependsOn<IAbsent>(x => x.Absent).TryBefore<IAbsent>().TryTriggers<IAbsent>(x => x.Absent).Executes(() => { });
        private Target Follower => _ => _.TryDependsOn<ContextBuild>(x => x.Work).Executes(() => { });
    }

    private sealed class BrokenBuild : NukeBuild
    {
        private Target Any => _ => _.DependsOn<IChecked>().Executes(() => { });
    }

    private class OldestBuild : NukeBuild
    {
        public virtual Target Grow => _ => _.Executes(() => Log.Information("oldest"));
    }

    private class MiddleBuild : OldestBuild
    {
        public override Target Grow => _ => _.Base().Executes(() => Log.Information("middle"));
    }

    private sealed class YoungestBuild : MiddleBuild
    {
        public override Target Grow => _ => _.Base().Executes(() => Log.Information("youngest"));
    }

    private sealed class InheritingBuild : NukeBuild, IChecked
    {
        public Target Check => _ => _.Inherit<IChecked>(x => x.Check).Executes(() => Log.Information("own"));
    }

    private sealed class ArtifactBuild : NukeBuild
    {
        private Target Make => _ => _.Produces("a.zip", "b.zip").Executes(() => { });
        private Target Other => _ => _.Produces("c.txt").Executes(() => { });
        private Target Take => _ => _.DependsOn(Make, Other).Consumes(Make).Consumes(Other, "only.txt")
            .Executes(() => Log.Information("taken {Taken}", ExecutionPlan.Single(x => x.Name == "Take").ArtifactDependencies.SelectMany(x => x).Order().ToArray()));
    }
}
