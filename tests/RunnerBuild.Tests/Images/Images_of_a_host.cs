using System.Collections.Immutable;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Planning;
using RunnerBuild.Remote.Docker;
using RunnerBuild.Tests.Hosts;

namespace RunnerBuild.Tests.Images;

/// <summary>Which images a host lacks, and by what they are known again.</summary>
public sealed class Images_of_a_host : IDisposable
{
    private readonly string _context = Directory.CreateTempSubdirectory("rb-image-").FullName;

    [Fact]
    public void An_image_that_a_pool_brings_is_pulled_once_and_where_it_is_missing()
    {
        var own = Samples.Pool with { Name = "own", Image = "registry.home.arpa/ci/own:1" };
        var host = Samples.Host with { Pools = [Samples.Pool, own, own with { Name = "again" }, own with { Name = "none", Count = 0, Image = "not:wanted" }] };
        var built = Build();
        var facts = Samples.BareMachine with { Images = [built.Reference] };
        ImagePlan.Diff(host, built, facts, null).Single().Steps.ShouldBe([new PullImage("registry.home.arpa/ci/own:1")]);
        ImagePlan.Diff(host, built, facts with { Pulled = ["registry.home.arpa/ci/own:1"] }, null).ShouldBeEmpty();
        ImagePlan.Diff(host, built, Samples.BareMachine, null).Select(change => change.Field).ShouldBe(["build", "pull"]);
    }

    [Fact]
    public void An_image_of_any_Dockerfile_is_known_by_its_recipe()
    {
        var image = Build();
        ClassicBuild.Parameters(image, new Dictionary<string, string>()).Labels!.ShouldContainKeyAndValue("runnerbuild.recipe", image.Recipe);
        EmbeddedText.Read("host-facts.sh").ShouldContain($"label={RunnerImage.RecipeLabel} ");
    }

    [Fact]
    public void A_tool_comes_with_its_version_and_the_checksum_for_the_hosts_processor()
    {
        var tool = new ToolSet("terraform") { Pin = new PinnedRelease("1.9.8", ImageSamples.Digests('a')) { Urls = ImmutableSortedDictionary<string, string>.Empty.Add("x64", "https://mirror/t.zip") } };
        var image = Build(tool);
        image.Arguments["TOOLS"].ShouldBe("terraform");
        image.Arguments["TOOL_PINS"].ShouldBe($"TERRAFORM_VERSION=1.9.8 TERRAFORM_SHA256={new string('a', 64)} TERRAFORM_URL=https://mirror/t.zip");
        Should.Throw<ConfigurationException>(() => Build(tool, "arm64")).Fix.ShouldContain("arm64");
        Should.Throw<ConfigurationException>(() => Build(new ToolSet("gh"))).What.ShouldContain("release of gh");
    }

    private RunnerImage Build(ToolSet? tool = null, string architecture = "x64")
    {
        File.WriteAllText(Path.Combine(_context, "Dockerfile"), "FROM scratch\n");
        return RunnerImage.Of(ImageSamples.Recipe with { Tools = tool is null ? [] : [tool] }, ImageSamples.Lock, architecture, _context);
    }

    public void Dispose() => Directory.Delete(_context, recursive: true);
}
