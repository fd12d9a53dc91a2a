namespace Nuke.Tests;

/// <summary>Whatever is wrong with the way a build is called is said at once, before anything runs, with exit code 2.</summary>
public class UsageErrors
{
    [Fact]
    public void All_problems_come_at_once_and_nothing_runs()
    {
        using var site = new Site();
        site.Environment["RATIO"] = "much";
        site.Write(".nuke/parameters.json", "{\n  \"Cuont\": 1,\n  \"Marks\": \"a,b\"\n}\n");

        var result = site.Run<ListingBuild>("shwo", "--dry-rnu", "--count", "x", "--verbosity", "loud");

        result.ExitCode.ShouldBe(2);
        result.Output.ShouldBe("""
            Unknown option --dry-rnu. Did you mean '--dry-run'?
            .nuke/parameters.json:2 "Cuont" is no parameter. Did you mean 'Count'?
            .nuke/parameters.json:3 "Marks" should be an array, is a single value.
            --verbosity: 'loud' is not one of Verbose, Normal, Minimal, Quiet.
            --count: 'x' is no whole number.
            environment variable RATIO: 'much' is no number.
            Target with name 'shwo' does not exist. Did you mean 'Show'? Available targets are:
              - Deaf
              - Later
              - Prepare
              - Show
              - Slow
              - TidyUp
            Nothing was run (7 problems). Run with --help to see the targets and parameters.

            """);
        Directory.Exists(site.At(".nuke/temp")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("'Nowhere' does not exist", "show", "--skip", "Nowhere")]
    [InlineData("--count needs a value; one that starts with '-' is given as --count=VALUE.", "show", "--count", "--dry-run")]
    [InlineData("'two' is no further value of --count, which takes one, and no target.", "show", "--count", "1", "two")]
    [InlineData("'yes' is no further value of --dry-run, which takes one, and no target.", "show", "--dry-run", "yes")]
    [InlineData("Target with name 'a=1' does not exist.", "deaf", "a=1")]
    [InlineData("What follows the value of --pin is no target (not shown)", "show", "--pin", "1", "a=1")]
    [InlineData("--host: 'Jenkins' is not one of GitHubActions, Terminal.", "show", "--host", "Jenkins")]
    [InlineData("--root: the directory 'missing' does not exist.", "show", "--root", "missing")]
    [InlineData("--count: '99999999999' is out of range.", "show", "--count", "99999999999")]
    [InlineData("--dry-run: '1' is neither true nor false.", "show", "--dry-run=1")]
    [InlineData("--pin: the value (not shown) is no whole number.", "show", "--pin", "x")]
    [InlineData("Unknown option --contnue. Did you mean '--continue'?", "show", "--contnue")]
    [InlineData("--partition: '3/2' is no part of a whole like 1/3.", "show", "--partition", "3/2")]
    [InlineData("There is no profile 'dev': .nuke/parameters.dev.json does not exist.", "show", "--profile", "dev")]
    [InlineData("--host: 'Termnal' is not one of GitHubActions, Terminal. Did you mean 'Terminal'?", "show", "--host", "Termnal")]
    public void A_wrong_argument_is_named(string message, params string[] arguments)
    {
        using var site = new Site();
        var result = site.Run<ListingBuild>(arguments);
        result.Output.ShouldContain(message);
        result.Output.ShouldNotContain("prepared");
        result.ExitCode.ShouldBe(2);
    }

    [Theory]
    [InlineData("{", "is no valid JSON")]
    [InlineData("", "is no valid JSON")]
    [InlineData("[1]", "should be one object")]
    [InlineData("{} {}", "is no valid JSON")]
    [InlineData("{\"count\": 1}", "\"count\" is no parameter. Did you mean 'Count'?")]
    [InlineData("{\"Count\": 1, \"Count\": 2}", "\"Count\" is there twice.")]
    [InlineData("{\"Count\": [1]}", "should be a single value")]
    [InlineData("{\"Count\": 1.5}", "'1.5' is no whole number")]
    [InlineData("{\"Root\": \"/\"}", "cannot be set in this file; give --root.")]
    [InlineData("{\"ApiKey\": \"hunter2\"}", "\"ApiKey\" is a secret in plain text. Enter it by './build.sh :secrets'")]
    public void A_wrong_parameters_file_is_named_with_its_line(string json, string message)
    {
        using var site = new Site();
        site.Write(".nuke/parameters.json", json);
        var result = site.Run<ListingBuild>("show");
        result.Output.ShouldContain(".nuke/parameters.json");
        result.Output.ShouldContain(message);
        result.Output.ShouldNotContain("hunter2");
        result.ExitCode.ShouldBe(2);
    }

    [Fact]
    public void A_directory_below_no_root_is_refused()
    {
        using var site = new Site();
        Directory.Delete(site.At(".nuke"));
        var result = site.Run<ListingBuild>("show");
        result.Output.ShouldContain("Could not locate '.nuke' directory while walking up from '<root>'.");
        result.ExitCode.ShouldBe(2);
    }

    [Fact]
    public void Help_is_shown_in_spite_of_problems()
    {
        using var site = new Site();
        site.Write(".nuke/parameters.json", "{");
        var result = site.Run<ListingBuild>("--help", "--bogus");
        result.Output.ShouldContain("Targets (with their direct dependencies):");
        result.ExitCode.ShouldBe(0);
    }

    [Fact]
    public void On_GitHub_each_problem_is_an_annotation()
    {
        using var site = new Site();
        site.Environment["GITHUB_ACTIONS"] = "true";
        site.Run<ListingBuild>("show", "--count", "x%\ny").Output.ShouldContain("::error::--count: 'x%25%0Ay' is no whole number.\n");
    }
}
