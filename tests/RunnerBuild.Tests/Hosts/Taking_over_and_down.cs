using System.Collections.Immutable;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Planning;

namespace RunnerBuild.Tests.Hosts;

public class Taking_over_and_down
{
    private static readonly EarlierInstallation Earlier = new(
        true, ["docker-prune.timer"], ["/opt/github-runners/.github_token", "/opt/github-runners/runner-1"],
        [new("github-runner-1", true, false, "seed-1", 7, "https://github.com/acme"), new("github-runner-2", true, true, "seed-2", 8, "https://github.com/acme")]);

    private static readonly Dictionary<GitHubScope, ImmutableArray<string>> None = [];

    private static HostFacts Deployed { get; } = Host_setup.Converged(Samples.BareMachine)
        .WithFile(HostPaths.ServiceUnitFile, new FileFact(FileKind.File, "0644", "root:root", "", 0))
        .WithFile(HostPaths.State, new FileFact(FileKind.Directory, "0755", "root:root", "", 0)) with
    {
        Accounts = Host_setup.Converged(Samples.BareMachine).Accounts.Add(RunnerDeployment.Operators, new Account(1101, 1101, "/nonexistent", [])),
        Images = ["runnerbuild/runner:a"],
        Containers = [new("github-runner-1", "runnerbuild/runner:a", "running", "gh-1-1-abcdefghijkl", "gh-1")],
    };

    [Fact]
    public void An_earlier_installation_is_disarmed_before_the_engine_is_touched_and_shown_line_by_line()
    {
        EarlierPlan.Disarm(Earlier).Select(change => change.Resource).ShouldBe(["earlier/unit", "earlier/docker-prune.timer"]);
        var changes = EarlierPlan.TakeOver(Earlier).ToList();
        changes.Select(change => $"{change.Sign} {change.Resource} {change.From}").ShouldBe(
        [
            "- earlier/github-runner-1 idle, registered as seed-1", "- earlier/github-runner-2 busy, registered as seed-2",
            "- earlier/opt/github-runners/.github_token of earlier runners", "- earlier/opt/github-runners/runner-1 of earlier runners",
        ]);
        // One step for all, so that idle ones do not wait for a job, and before what would be in its way.
        changes.SelectMany(change => change.Steps).First().ShouldBeOfType<RetireEarlier>().Containers.ShouldBe(["github-runner-1", "github-runner-2"]);
        changes.SelectMany(change => change.Steps).OfType<RetireEarlier>().ShouldHaveSingleItem();
    }

    [Fact]
    public void A_host_without_earlier_runners_needs_no_taking_over() =>
        EarlierPlan.Disarm(EarlierInstallation.None).Concat(EarlierPlan.TakeOver(EarlierInstallation.None)).ShouldBeEmpty();

    [Fact]
    public void Jobs_end_first_and_the_mark_that_the_host_is_ours_goes_last()
    {
        var changes = RemovalPlan.Diff(Samples.Host, Deployed, None, null).ToList();
        changes[0].Steps.Single().ShouldBeOfType<EmptySlots>();
        changes[^1].Resource.ShouldBe($"directory{HostPaths.Settings}");
        changes[^2].Resource.ShouldBe($"file{HostPaths.Daemon}");
        changes.ShouldAllBe(change => change.Refusal == null && change.Steps.Length == 1);
        changes.Count(change => change.Resource.StartsWith("user/", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public void What_the_service_had_while_it_ran_goes_and_the_folder_of_a_drop_in_when_it_is_empty()
    {
        var running = Deployed.WithFile(HostPaths.Runtime, new FileFact(FileKind.Directory, "0700", "root:runnerctl", "", 0));
        var changes = RemovalPlan.Diff(Samples.Host, running, None, null).ToList();

        changes.ShouldContain(change => change.Resource == $"directory{HostPaths.Runtime}");
        changes.FindIndex(change => change.Resource == $"directory{HostPaths.Runtime}").ShouldBeGreaterThan(changes.FindIndex(change => change.Resource == $"unit/{HostPaths.ServiceUnit}"));
        changes.Single(change => change.Resource == $"file{HostBaseline.UpgradeDropIn}").Steps.OfType<RunScript>().Single().Script.ShouldContain("rmdir --ignore-fail-on-non-empty");
    }

    [Fact]
    public void What_daemon_json_was_before_is_kept_until_the_host_is_no_longer_ours()
    {
        var before = Deployed.WithFile(HostRemoval.DaemonBefore, new FileFact(FileKind.File, "0644", "root:root", "theirs", 0));
        var scripts = RemovalPlan.Diff(Samples.Host, before, None, null).SelectMany(change => change.Steps).OfType<RunScript>().TakeLast(2).ToList();
        scripts[0].Script.ShouldNotContain("mv ");
        scripts[1].Arguments.ShouldBe([HostPaths.Settings, HostRemoval.DaemonBefore]);
    }

    [Fact]
    public void A_machine_that_never_had_runners_needs_no_removal()
    {
        var theirs = Samples.BareMachine.WithFile(HostPaths.Daemon, new FileFact(FileKind.File, "0644", "root:root", "theirs", 0));
        RemovalPlan.Diff(Samples.Host, theirs, None, null).ShouldBeEmpty();
    }

    [Fact]
    public void Runners_without_their_supervisor_are_not_removed_blindly()
    {
        var orphaned = Deployed with { Files = Deployed.Files.Remove(HostPaths.ServiceUnitFile) };
        RemovalPlan.Diff(Samples.Host, orphaned, None, null).First().Refusal.ShouldNotBeNull();
    }

    [Fact]
    public void A_job_does_not_remove_its_own_runner() =>
        RemovalPlan.Diff(Samples.Host, Deployed, None, "github-runner-1").First().Refusal!.ShouldContain("RemoveRunners --limit gh-1");

    [Fact]
    public void Registrations_that_are_left_of_this_host_are_deleted()
    {
        var registered = new Dictionary<GitHubScope, ImmutableArray<string>> { [Samples.Scope] = ["gh-1-1-abcdefghijkl"] };
        RemovalPlan.Diff(Samples.Host, Samples.BareMachine, registered, null).Single().Steps.Single().ShouldBeOfType<DeleteRegistrations>();
    }

    [Theory]
    [InlineData("gh-1-2-abcdefghijk2", true)]
    [InlineData("gh-1-2", false)]
    [InlineData("gh-10-2-abcdefghijk2", false)]
    [InlineData("my-gh-1-2-abcdefghijk2", false)]
    [InlineData("gh-1-x-2-abcdefghijk2", false)]
    public void Only_names_that_this_host_gives_are_its_own(string runner, bool own) => RemovalPlan.IsOf(Samples.Host, runner).ShouldBe(own);
}
