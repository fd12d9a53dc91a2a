using System.Collections.Immutable;
using RunnerBuild.Facts;
using RunnerBuild.Planning;

namespace RunnerBuild.Tests.Hosts;

/// <summary>A run that was started by a job on one of the fleet's own runners.</summary>
public class A_run_that_is_a_job
{
    private const string Runner = "gh-1-1-abcdefghijkl";

    private static HostFacts Facts { get; } = Samples.BareMachine with
    {
        Engine = new EngineFact("26", "1.45", LiveRestore: true),
        Supervisor = new SupervisorStatus("", "", [Slot]),
    };

    private static SlotStatus Slot => new("github-runner-1", "default", "Busy", Runner, "c", "i", [], null, null, "deploy");

    [Fact]
    public void The_host_below_it_is_known_by_the_runners_name()
    {
        OwnHost.SlotOf(Facts, Runner).ShouldBe("github-runner-1");
        OwnHost.SlotOf(Facts, "gh-1-1-other").ShouldBeNull();
        OwnHost.SlotOf(Facts, "").ShouldBeNull();
        OwnHost.SlotOf(Facts with { Supervisor = null, Containers = [new("github-runner-2", "i", "running", Runner)] }, Runner).ShouldBe("github-runner-2");
        OwnHost.SlotOf(Facts with { Supervisor = null, Earlier = EarlierInstallation.None with { Runners = [new("github-runner-3", true, true, Runner, 1, "")] } }, Runner)
            .ShouldBe("github-runner-3");
    }

    [Theory]
    [InlineData("packages", "installed", "docker.io docker-cli", true, true)]
    [InlineData("packages", "installed", "systemd-timesyncd", true, false)]
    [InlineData("unit/docker.service", "state", "restarted", true, false)]
    [InlineData("unit/docker.service", "state", "restarted", false, true)]
    [InlineData("unit/docker.service", "enabled", "enabled", false, false)]
    [InlineData("unit/github-docker-runners.service", "state", "restarted", false, false)]
    [InlineData("host", "name", "gh-1", true, true)]
    [InlineData("host", "disk", "4 GiB", true, false)]
    [InlineData("earlier/github-runner-1", "runner", null, true, true)]
    [InlineData("earlier/github-runner-2", "runner", null, true, false)]
    public void What_would_end_its_job_is_refused(string resource, string field, string? to, bool liveRestore, bool refused)
    {
        var facts = Facts with { Engine = Facts.Engine! with { LiveRestore = liveRestore } };
        ImmutableArray<Change> changes = [new(resource, field, "x", to, [new RunScript("x", "x", [])])];
        OwnHost.Spare(changes, Samples.Host, facts, null, "BootstrapHost").ShouldBe(changes);
        var spared = OwnHost.Spare(changes, Samples.Host, facts, "github-runner-1", "BootstrapHost").Single();
        (spared.Refusal is not null).ShouldBe(refused);
        if (refused)
            spared.Refusal!.ShouldContain("./build.sh BootstrapHost --limit gh-1");
    }

    [Fact]
    public void A_job_that_uses_the_hosts_engine_is_not_cut_off_from_it()
    {
        ImmutableArray<Change> restart = [new("unit/docker.service", "state", "active", "restarted", [])];
        var unknown = Facts with { Supervisor = new SupervisorStatus("", "", [Slot with { Pool = "gone" }]) };
        OwnHost.Spare(restart, Samples.Host, unknown, "github-runner-1", "BootstrapHost").Single().Refusal.ShouldNotBeNull();
    }
}
