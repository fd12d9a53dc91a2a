using Nuke.Common;
using Serilog;

namespace Nuke.Tests;

/// <summary>A person at the terminal is asked for what is missing; where there is nobody, it is an error that says how to give it.</summary>
public class Prompting
{
    [Fact]
    public void What_is_required_is_asked_for_until_it_is_right()
    {
        using var site = new Site();
        var answers = new Queue<(string Question, bool IsSecret, string Answer)>(
        [
            ("Name of the thing: ", false, "widget"),
            ("Count: ", false, "many"),
            ("Count: ", false, "-3"),
            ("Size (small, large): ", false, "huge"),
            ("Size (small, large): ", false, "large"),
            ("Key: ", true, "s3cret-key"),
        ]);
        site.Ask = (question, isSecret) =>
        {
            var (expected, expectedSecret, answer) = answers.Dequeue();
            (question, isSecret).ShouldBe((expected, expectedSecret));
            return answer;
        };
        var result = site.Run<AskingBuild>("Make", "--no-logo");
        result.ExitCode.ShouldBe(0);
        answers.ShouldBeEmpty();
        result.Output.ShouldContain("That is no whole number.\n");
        result.Output.ShouldContain("That is not one of small, large.\n");
        result.Output.ShouldContain("widget -3 large ***");
    }

    [Fact]
    public void No_answer_is_an_error()
    {
        using var site = new Site { Ask = (_, _) => "" };
        var result = site.Run<AskingBuild>("Make", "--no-logo");
        result.ExitCode.ShouldBe(2);
        result.Output.ShouldContain("Target 'Make' requires member 'Name' to be not null or empty: give --name or set the environment variable NAME\n");
    }

    [Fact]
    public void On_a_CI_system_nobody_is_asked()
    {
        using var site = new Site { Ask = (_, _) => throw new InvalidOperationException("asked") };
        site.Run<AskingBuild>("Make", "--host", "GitHubActions").ExitCode.ShouldBe(2);
    }

    private sealed class AskingBuild : NukeBuild
    {
        [Parameter("Name of the thing.")] private readonly string? Name;
        [Parameter] private readonly int? Count;
        [Parameter(ValueProviderMember = nameof(Sizes))] private readonly string? Size;
        [Parameter, Secret] private readonly string? Key;

        private static IEnumerable<string> Sizes => ["small", "large"];

        private Target Make => _ => _
            .Requires(() => Name).Requires(() => Count).Requires(() => Size, () => Key)
            .Executes(() => Log.Information("{Name:l} {Count} {Size:l} {Key:l}", Name, Count, Size, Key));
    }
}
