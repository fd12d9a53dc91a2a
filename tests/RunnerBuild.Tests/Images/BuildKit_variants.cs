using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Remote.Docker;
using RunnerBuild.Tests.Config;

namespace RunnerBuild.Tests.Images;

/// <summary>One Dockerfile for both builders.</summary>
public sealed class BuildKit_variants
{
    private static readonly string Project = Path.GetFullPath("../../runner-image", Golden.Fleets);

    [Fact]
    public void What_a_comment_holds_for_BuildKit_is_put_into_the_step_below_it()
    {
        BuildKitDockerfile.Of("FROM a\n# BuildKit: --mount=type=cache,target=/x --network=none\nRUN one && \\\n    two\nRUN three\n")
            .ShouldBe("FROM a\n# BuildKit: --mount=type=cache,target=/x --network=none\nRUN --mount=type=cache,target=/x --network=none one && \\\n    two\nRUN three\n");
        BuildKitDockerfile.Of("# BuildKit: --mount=type=cache,target=/x\r\nRUN one\r\n").ShouldContain("RUN --mount=type=cache,target=/x one");
    }

    [Theory]
    [InlineData("# BuildKit: --mount=type=cache,target=/x\nCOPY a b\nRUN one\n")]
    [InlineData("# BuildKit does it better.\nRUN one\n")]
    [InlineData("RUN echo '# BuildKit: --mount=x'\nRUN one\n")]
    [InlineData("# escape=`\nFROM a\nRUN one\n")]
    public void Anything_else_stays_as_it_is(string dockerfile) => BuildKitDockerfile.Of(dockerfile).ShouldBe(dockerfile);

    [Fact]
    public void The_projects_own_is_for_the_classic_builder_and_keeps_downloads_with_BuildKit()
    {
        var own = new BuildContext(Project).Read("Dockerfile");
        own.ShouldNotContain("RUN --");
        own.ShouldNotContain("# syntax=");
        var lines = BuildKitDockerfile.Of(own).Split('\n');
        lines.Count(line => line.StartsWith("RUN --mount=type=cache", StringComparison.Ordinal)).ShouldBe(own.Split('\n').Count(line => line.StartsWith("# BuildKit: ", StringComparison.Ordinal)));
        lines.ShouldContain(line => line.StartsWith("RUN --mount=type=cache,", StringComparison.Ordinal) && line.EndsWith("packages.sh", StringComparison.Ordinal));
    }

    [Fact]
    public void Both_get_the_same_name_arguments_and_labels()
    {
        var image = RunnerImage.Of(ImageSamples.Recipe, ImageSamples.Lock, "x64", Project);
        var build = new Dictionary<string, string> { ["org.opencontainers.image.created"] = "2026-11-26T00:00:00Z" };

        var command = BuildKitBuild.Command(image, build);
        var parameters = ClassicBuild.Parameters(image, build);

        Following(command, "--tag").ShouldBe(parameters.Tags!);
        Following(command, "--label").Order().ShouldBe(parameters.Labels!.Select(label => $"{label.Key}={label.Value}").Order());
        Following(command, "--build-arg").Order().ShouldBe(parameters.BuildArgs!.Select(argument => $"{argument.Key}={argument.Value}").Order());
        command[^1].ShouldBe("-");
    }

    [Fact]
    public void Every_set_that_a_fleet_can_choose_has_a_file_and_a_check()
    {
        var files = new BuildContext(Project).Files().Select(entry => entry.Path).Where(path => path.StartsWith("tools/", StringComparison.Ordinal));
        files.ShouldBe(ToolSet.Downloaded.Concat(ToolSet.Packaged).SelectMany(name => new[] { $"tools/{name}.check", $"tools/{name}.sh" }).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Following(IReadOnlyList<string> command, string option) =>
        command.Zip(command.Skip(1)).Where(pair => pair.First == option).Select(pair => pair.Second);
}
