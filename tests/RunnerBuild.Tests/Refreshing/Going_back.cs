using System.Collections.Immutable;
using RunnerBuild.Config;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using RunnerBuild.Verifying;

namespace RunnerBuild.Tests.Refreshing;

/// <summary>Which image a rollback goes to, and what it remembers of the one that it leaves.</summary>
public class Going_back
{
    private static readonly ImageLock New = Lock("2.331.0"), Old = Lock("2.330.0");
    private static readonly ImmutableSortedDictionary<string, string> Current = Tags("new");
    private static readonly ImageStock Stock = new("gh-1", "amd64", [Image("new", New), Image("old", Old), new("ancient", null)]);

    [Fact]
    public void Without_a_tag_it_is_the_newest_that_is_not_in_use()
    {
        var wanted = Earlier.Of([Stock], Current, null, New, _ => Tags("old"));
        wanted.Runner!.Version.ShouldBe("2.330.0");
        wanted.Pinned.ShouldBeEmpty();
        wanted.Rejected.ShouldBe(["new"]);
    }

    [Fact]
    public void Where_the_recipe_has_changed_since_the_image_itself_is_named() =>
        Earlier.Of([Stock], Current, "old", New, _ => Tags("other")).Pinned.ShouldBe(Tags("old"));

    [Fact]
    public void Each_architecture_goes_back_to_its_own_image_of_the_same_releases()
    {
        var arm = new ImageStock("gh-2", "arm64", [Image("new-arm", New), Image("old-arm", Old)]);
        var current = Current.Add("arm64", "new-arm");
        Earlier.Of([Stock, arm], current, null, New, _ => Tags("old").Add("arm64", "changed")).Pinned.ShouldBe(ImmutableSortedDictionary<string, string>.Empty.Add("arm64", "old-arm"));
        Should.Throw<RunnerBuildException>(() => Earlier.Of([Stock, arm with { Images = [Image("new-arm", New)] }], current, null, New, _ => Tags("old").Add("arm64", "changed")));
    }

    [Theory]
    [InlineData("ancient")]
    [InlineData("nowhere")]
    public void An_image_that_no_host_can_say_the_releases_of_is_refused_with_those_that_there_are(string to) =>
        Should.Throw<RunnerBuildException>(() => Earlier.Of([Stock], Current, to, New, _ => Tags("old"))).Why.ShouldContain("new, old");

    [Fact]
    public void With_no_other_image_there_is_no_way_back() =>
        Should.Throw<RunnerBuildException>(() => Earlier.Of([Stock with { Images = [Image("new", New)] }], Current, null, New, _ => Tags("new"))).Fix.ShouldContain("image.keep");

    [Fact]
    public void What_differs_is_told_by_its_source()
    {
        ImageDifference.Between(Old, Old).ShouldBeEmpty();
        ImageDifference.Between(Old, New with { Distribution = "security 1" }).Select(change => $"{change}").ShouldBe(["runner 2.330.0 -> 2.331.0", "distribution (none) -> security 1"]);
    }

    [Fact]
    public void A_lock_keeps_what_was_gone_back_to_and_from()
    {
        var have = New with { Pinned = Tags("0123456789ab"), Rejected = ["ba9876543210"] };
        var read = ImageLockJson.Parse(ImageLockJson.Of(have, indented: true), "it");
        read.Pinned.ShouldBe(have.Pinned);
        read.Rejected.ShouldBe(have.Rejected);
    }

    [Fact]
    public void A_report_is_JSON_with_what_changed_and_what_was_proved()
    {
        var report = new RefreshReport(
            DateTimeOffset.UnixEpoch, RefreshOutcome.Refused, [new("runner", "2.330.0", "2.331.0")], Tags("new"), [new Check("gh-1", "tools", Verdict.Bad, "failure; log: http://job")], [], "2.331.0", 40, []);
        report.ToJson().ShouldContain("\"outcome\": \"Refused\"");
        Should.Throw<RunnerBuildException>(report.RequirePromoted).Why.ShouldBe("gh-1 tools: failure; log: http://job");
    }

    [Fact]
    public void A_host_tells_its_images_newest_first() => BuiltImages.Parse("b {\"runner\":1}\na <no value>\n").ShouldBe([new("b", "{\"runner\":1}"), new("a", null)]);

    private static ImageLock Lock(string version) => new() { Runner = new PinnedRelease(version, ImmutableSortedDictionary<string, string>.Empty.Add("x64", new string('0', 64))) };

    private static BuiltImage Image(string tag, ImageLock of) => new(tag, ImageLockJson.Of(of, indented: false));

    private static ImmutableSortedDictionary<string, string> Tags(string tag) => ImmutableSortedDictionary<string, string>.Empty.Add("amd64", tag);
}
