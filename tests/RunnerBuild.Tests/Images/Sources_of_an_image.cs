using RunnerBuild.Planning;
using RunnerBuild.Tests.Hosts;

namespace RunnerBuild.Tests.Images;

/// <summary>Which host an image comes from, and which builds it.</summary>
public sealed class Sources_of_an_image
{
    private const string Wanted = "runnerbuild/runner:0123456789ab";

    [Fact]
    public void One_builds_it_whoever_asks()
    {
        ImageCandidate[] all = [Candidate("a"), Candidate("b"), Candidate("c")];
        all.Select(candidate => ImageSource.Of(candidate.Host.Name, Wanted, null, all)).ShouldAllBe(name => name == "a");
        all.Select(candidate => ImageSource.Of(candidate.Host.Name, Wanted, "c", all)).ShouldAllBe(name => name == "c");
        all.Select(candidate => ImageSource.Of(candidate.Host.Name, Wanted, "of another architecture", all)).ShouldAllBe(name => name == "a");
    }

    [Fact]
    public void It_comes_from_where_it_is_already() =>
        ImageSource.Of("a", Wanted, "a", [Candidate("a"), Candidate("b"), Candidate("c", has: true)]).ShouldBe("c");

    [Fact]
    public void The_builder_is_asked_before_others_that_have_it() =>
        ImageSource.Of("a", Wanted, "c", [Candidate("a"), Candidate("b", has: true), Candidate("c", has: true)]).ShouldBe("c");

    [Fact]
    public void Beyond_the_runs_limit_it_is_read_but_never_built()
    {
        ImageSource.Of("b", Wanted, null, [Candidate("b"), Candidate("a", has: true, takes: false)]).ShouldBe("a");
        ImageSource.Of("b", Wanted, "a", [Candidate("b"), Candidate("a", takes: false)]).ShouldBe("b");
    }

    [Fact]
    public void A_host_that_does_not_need_it_builds_it_only_when_the_fleet_says_so()
    {
        var other = Candidate("a") with { Host = Samples.Host with { Name = "a", Pools = [Samples.Pool with { Image = "registry.home.arpa/own:1" }] } };
        ImageSource.Of("b", Wanted, null, [other, Candidate("b")]).ShouldBe("b");
        ImageSource.Of("b", Wanted, "a", [other, Candidate("b")]).ShouldBe("a");
    }

    [Fact]
    public void Who_cannot_see_any_other_builds_it() => ImageSource.Of("a", Wanted, null, []).ShouldBe("a");

    private static ImageCandidate Candidate(string name, bool has = false, bool takes = true) =>
        new(Samples.Host with { Name = name }, Samples.BareMachine with { Images = has ? [Wanted] : [] }, takes);
}
