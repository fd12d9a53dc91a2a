using System.Collections.Immutable;
using Octokit;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Tests.Hosts;
using RunnerBuild.Verifying;

namespace RunnerBuild.Tests.Verifying;

/// <summary>One slot in all three views: the supervisor's, Docker's and GitHub's.</summary>
public class Checks_of_runners
{
    private const string Name = "gh-1-1-abcdefghijkl";

    private static WantedSlot Wanted { get; } = new("github-runner-1", Samples.Pool, Samples.Image);

    private static SlotStatus Idle { get; } = new(Wanted.Name, "default", "Idle", Name, "c", Samples.Image, ["self-hosted", "linux"], null, null, null);

    private static ContainerFact Container { get; } = new(Wanted.Name, Samples.Image, "running", Name);

    private static ImmutableDictionary<string, string> Groups { get; } = ImmutableDictionary<string, string>.Empty;

    private static Runner Online { get; } = RunnerOf("online", busy: false, "self-hosted", "Linux");

    [Fact]
    public void A_runner_that_all_three_know_is_good() => Look().Verdict.ShouldBe(Verdict.Good);

    [Fact]
    public void A_busy_runner_is_good_and_may_be_of_the_image_before() =>
        Look(Idle with { State = "Busy" }, RunnerOf("online", busy: true, "self-hosted", "linux"), Container with { Image = "older:1" }).Verdict.ShouldBe(Verdict.Good);

    [Fact]
    public void An_idle_runner_that_GitHub_has_busy_is_wrong() => Bad(Look(runner: RunnerOf("online", busy: true, "self-hosted", "linux"))).ShouldContain("busy");

    [Fact]
    public void A_slot_that_the_supervisor_does_not_know_is_wrong() => Bad(Look(slot: Idle with { Name = "other" })).ShouldContain("does not know this slot");

    [Fact]
    public void A_slot_that_does_not_serve_says_why() => Bad(Look(Idle with { State = "Parked", Reason = "no token" })).ShouldBe("Parked: no token");

    [Fact]
    public void A_drained_slot_is_a_persons_wish() => Look(Idle with { Drained = true }).Verdict.ShouldBe(Verdict.Unproved);

    [Fact]
    public void A_container_that_does_not_run_is_wrong() => Bad(Look(container: Container with { State = "exited" })).ShouldContain("does not run");

    [Fact]
    public void An_idle_runner_of_another_image_is_wrong() => Bad(Look(container: Container with { Image = "older:1" })).ShouldContain("older:1 instead of");

    [Fact]
    public void A_runner_that_GitHub_does_not_list_is_wrong() => Bad(RunnerChecks.Of("gh-1", Wanted, Facts(Idle, Container), [], Groups)).ShouldContain("does not list");

    [Fact]
    public void An_offline_runner_is_wrong() => Bad(Look(runner: RunnerOf("offline", busy: false, "self-hosted", "linux"))).ShouldContain("offline");

    [Fact]
    public void Another_group_than_the_pools_is_wrong()
    {
        var grouped = Wanted with { Pool = Samples.Pool with { Group = "trusted" } };
        Bad(RunnerChecks.Of("gh-1", grouped, Facts(Idle, Container), [Online], Groups.Add(Name, "Default"))).ShouldBe("its group is Default instead of trusted");
        RunnerChecks.Of("gh-1", grouped, Facts(Idle, Container), [Online], Groups.Add(Name, "Trusted")).Verdict.ShouldBe(Verdict.Good);
    }

    [Fact]
    public void Missing_labels_are_named() => Bad(Look(runner: RunnerOf("online", busy: false, "self-hosted"))).ShouldBe("labels are missing: linux");

    private static string Bad(Check check)
    {
        check.Verdict.ShouldBe(Verdict.Bad);
        return check.Detail;
    }

    private static Check Look(SlotStatus? slot = null, Runner? runner = null, ContainerFact? container = null) =>
        RunnerChecks.Of("gh-1", Wanted, Facts(slot ?? Idle, container ?? Container), [runner ?? Online], Groups);

    private static HostFacts Facts(SlotStatus slot, ContainerFact container) =>
        Samples.BareMachine with { Supervisor = new SupervisorStatus("", "", [slot]), Containers = [container] };

    private static Runner RunnerOf(string status, bool busy, params string[] labels) =>
        new(1, Name, "Linux", status, busy, [.. labels.Select((label, index) => new RunnerLabel(index, label, "custom"))]);
}
