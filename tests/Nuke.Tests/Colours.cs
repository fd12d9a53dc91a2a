using Nuke.Common.Execution;

namespace Nuke.Tests;

/// <summary>Colours are for terminals, unless NO_COLOR is set.</summary>
public class Colours
{
    [Theory]
    [InlineData(true, "TERM=xterm-256color", true)]
    [InlineData(true, "TERM=dumb", false)]
    [InlineData(true, "TERM=xterm NO_COLOR=1", false)]
    [InlineData(true, "TERM=xterm NO_COLOR=", true)]
    [InlineData(false, "TERM=xterm", false)]
    [InlineData(false, "GITHUB_ACTIONS=true", true)]
    [InlineData(false, "GITHUB_ACTIONS=true NO_COLOR=1", false)]
    public void Colours_follow_terminal_and_environment(bool isTerminal, string environment, bool hasColours)
    {
        using var site = new Site();
        using var output = new StringWriter();
        var variables = environment.Split(' ').ToDictionary(x => x.Split('=')[0], x => x.Split('=')[1]);

        BuildRun.Run(BuildDefinition.Of<ListingBuild>(), new Invocation(["show"], variables, site.Root, output) { IsTerminal = isTerminal });

        output.ToString().Contains('\u001b', StringComparison.Ordinal).ShouldBe(hasColours);
    }
}
