using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Remote.GitHub;
using RunnerBuild.Tests.Hosts;
using RunnerBuild.Verifying;

namespace RunnerBuild.Tests.Refreshing;

/// <summary>Where an image is proved, and what its jobs' ends come to.</summary>
public class Candidates
{
    private static readonly Pool Socket = Samples.Pool with { Name = "socket", Docker = DockerMode.Socket };
    private static readonly Pool Own = Samples.Pool with { Name = "own", Docker = DockerMode.None, Image = "registry.home.arpa/ci/own:1" };
    private static readonly Candidate Sample = new("gh-1", Samples.Pool with { ReserveCpus = 2, ReserveMemoryMiB = 4096 }, "runnerbuild-1");

    [Fact]
    public void There_is_one_for_each_mode_and_architecture_on_the_first_host_that_has_it()
    {
        var second = Samples.Host with { Name = "gh-2", Pools = [Samples.Pool, Socket, Own, Socket with { Name = "none", Docker = DockerMode.None, Count = 0 }] };
        var labels = 0;
        var found = Candidate.Of([(Samples.Host, "amd64"), (second, "amd64"), (second with { Name = "gh-3" }, "arm64")], "acme/widgets", () => $"l{labels++}");
        found.Select(candidate => $"{candidate.Host} {candidate.Mode} {candidate.Label}").ShouldBe(["gh-2 socket l0", "gh-3 socket l1", "gh-1 dind l2", "gh-3 dind l3"]);
    }

    [Fact]
    public void A_mode_whose_pools_serve_other_repositories_alone_is_said_to_be_unproved()
    {
        var elsewhere = Socket with { Scope = Samples.Scope with { Kind = ScopeKind.Repository, Name = "acme/other" } };
        var host = Samples.Host with { Pools = [Samples.Pool, elsewhere] };
        Candidate.Of([(host, "amd64")], "acme/widgets", () => "").Length.ShouldBe(1);
        Candidate.Unproved([(host, "amd64")], "acme/widgets").ShouldBe(["docker: socket on amd64"]);
    }

    [Fact]
    public void It_is_like_its_pool_and_reserves_nothing_so_that_a_full_host_admits_it()
    {
        var pool = Sample.Pool("runnerbuild/runner:new");
        pool.ShouldBe(Sample.Stands with { Name = "candidate-dind", Count = 1, Labels = pool.Labels, ReserveCpus = null, ReserveMemoryMiB = null, Image = "runnerbuild/runner:new" });
        pool.Labels.ShouldBe(["runnerbuild-1"]);
    }

    [Fact]
    public void Its_slot_comes_after_the_hosts_own_which_stay_what_they_are()
    {
        var with = Samples.Host with { Pools = [Samples.Pool, Sample.Pool("runnerbuild/runner:new")] };
        WantedSlot.Of(with, Samples.Image).Take(2).ShouldBe(WantedSlot.Of(Samples.Host, Samples.Image));
        WantedSlot.Of(with, Samples.Image)[2].ShouldBe(new WantedSlot("github-runner-3", with.Pools[1], "runnerbuild/runner:new"));
    }

    [Fact]
    public void Each_job_is_a_check_that_says_where_its_log_is()
    {
        var run = new WorkflowOutcome(1, "failure", null, "http://run")
        {
            Jobs =
            [
                new("shell", "success", "gh-1-3-abcdefghijkl", "http://job/1", null),
                new("tools", "failure", "gh-1-3-bbcdefghijkl", "http://job/2", "The check of each tool set"),
                new("docker", "skipped", null, "", null),
                new("services", "success", "somebody-else", "http://job/4", null),
            ],
        };
        var checks = ImageChecks.ChecksOf(Samples.Host, Sample, run);
        checks.Select(check => check.Verdict).ShouldBe([Verdict.Good, Verdict.Bad, Verdict.Bad]);
        checks[1].Detail.ShouldBe("failure at \"The check of each tool set\" on gh-1-3-bbcdefghijkl; log: http://job/2");
        checks[2].Detail.ShouldContain("not this host's");
        ImageChecks.ChecksOf(Samples.Host, Sample, run with { Jobs = [] }).Single().Verdict.ShouldBe(Verdict.Bad);
    }

    [Fact]
    public void The_same_updates_give_the_same_state_of_the_distribution()
    {
        new SecurityUpdates(["a=1", "b=2"]).State.ShouldBe(new SecurityUpdates(["a=1", "b=2"]).State);
        new SecurityUpdates(["a=1", "b=2"]).State.ShouldNotBe(new SecurityUpdates(["a=1", "b=3"]).State);
    }
}
