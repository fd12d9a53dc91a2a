namespace Nuke.Tests;

/// <summary>Where the value of a parameter comes from: command line, environment, .nuke/parameters.json, initializer.</summary>
public class ParameterSources
{
    [Theory]
    [InlineData("count 1 marks [] dry False ratio null")]
    [InlineData("count -5 marks [] dry False ratio -0.5", "--count", "-5", "--ratio=-.5")]
    [InlineData("count 3 marks [\"a\", \"b\", \"c\"] dry False", "--count", "2", "--marks", "a,b", "--Count", "3", "-marks", "c")]
    [InlineData("count 1 marks [\"a\", \"b\"] dry True", "--dry-run", "--marks", "a", "b")]
    [InlineData("count 1 marks [] dry False", "--dry-run", "false")]
    [InlineData("count 1 marks [\"x=y\"] dry False", "--marks=x=y")]
    public void The_command_line_is_read(string shown, params string[] arguments)
    {
        using var site = new Site();
        site.Run<ListingBuild>(["show", .. arguments]).Output.ShouldContain(shown);
    }

    [Theory]
    [InlineData("marks [\"a=1\", \"b=2\"]", "Show", "a=1", "b=2")]
    [InlineData("count 2 marks [\"x\", \"a=1\"]", "a=1", "--marks", "x", "--count", "2", "prepare+show")]
    [InlineData("marks [\"a=1\", \"b=2\"]", "show", "a=1,b=2")]
    public void Pairs_beside_their_target_are_values_of_a_list(string shown, params string[] arguments)
    {
        using var site = new Site();
        site.Run<ListingBuild>(arguments).Output.ShouldContain(shown);
    }

    [Fact]
    public void A_flag_before_a_target_does_not_swallow_it()
    {
        using var site = new Site();
        var result = site.Run<ListingBuild>("--dry-run", "Show");
        result.Output.ShouldContain("dry True");
        result.ExitCode.ShouldBe(0);
    }

    [Fact]
    public void A_value_before_a_target_does_not_swallow_it()
    {
        using var site = new Site();
        site.Run<ListingBuild>("--count", "4", "Show").Output.ShouldContain("count 4");
    }

    [Fact]
    public void The_command_line_beats_the_environment_which_beats_the_file()
    {
        using var site = new Site();
        site.Write(".nuke/parameters.json", """{ "$schema": "x", "Count": 2, "DryRun": true, "Marks": ["file"], /* kept */ "Ratio": "2.5", }""");
        site.Run<ListingBuild>("show").Output.ShouldContain("count 2 marks [\"file\"] dry True ratio 2.5");

        site.Environment["COUNT"] = "3";
        site.Environment["NUKE_DRY_RUN"] = "";
        site.Run<ListingBuild>("show").Output.ShouldContain("count 3 marks [\"file\"] dry False ratio 2.5");
        site.Run<ListingBuild>("show", "--count", "4").Output.ShouldContain("count 4 marks [\"file\"] dry False ratio 2.5");
    }

    [Fact]
    public void Variables_that_contradict_each_other_are_refused_unless_the_command_line_decides()
    {
        using var site = new Site();
        site.Environment["COUNT"] = "3";
        site.Environment["NUKE_COUNT"] = "4";
        var result = site.Run<ListingBuild>("show");
        result.ExitCode.ShouldBe(2);
        result.Output.ShouldContain("Count is set by several environment variables that differ: COUNT, NUKE_COUNT.");

        site.Run<ListingBuild>("show", "--count", "5").ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData("TARGET", "Nowhere")]
    [InlineData("HOST", "myhost")]
    [InlineData("SKIP", "Prepare")]
    [InlineData("VERBOSITY", "loud")]
    [InlineData("ROOT", "/missing")]
    public void The_engines_own_options_are_not_taken_from_common_variables(string name, string value)
    {
        using var site = new Site();
        site.Environment[name] = value;
        var result = site.Run<ListingBuild>("show");
        result.ExitCode.ShouldBe(0);
        result.Output.ShouldContain("prepared");
    }

    [Fact]
    public void The_root_is_the_nearest_ancestor_with_a_nuke_directory_but_not_the_home_directory()
    {
        using var site = new Site();
        Directory.CreateDirectory(site.At("home/.nuke"));
        Directory.CreateDirectory(site.At("home/repo/src"));
        Common.IO.RootSearch.From(site.At("home/repo/src"), home: site.At("home"))!.ToString().ShouldBe(site.Root);
        Common.IO.RootSearch.From(site.At("home/repo/src"), home: "/elsewhere")!.ToString().ShouldBe(site.At("home"));
    }

    [Fact]
    public void Paths_are_meant_from_the_working_directory_and_in_the_file_from_the_root()
    {
        using var site = new Site();
        site.Write(".nuke/parameters.json", """{ "ImageDirectory": "images/base" }""");
        site.RunSample("CreateVm").Output.ShouldContain("Image <root>/images/base ");
        site.RunSample("CreateVm", "--image-directory", "here").Output.ShouldContain("Image <root>/here ");
    }

    [Theory]
    [InlineData("GitHubToken", "github-token")]
    [InlineData("VmName", "vm-name")]
    [InlineData("other-name", "other-name")]
    [InlineData("UseMSBuildNow", "use-msbuild-now")]
    [InlineData("HTTPPort", "http-port")]
    public void Names_are_shown_with_dashes(string name, string dashed) => Common.Parameters.Names.Dashed(name).ShouldBe(dashed);
}
