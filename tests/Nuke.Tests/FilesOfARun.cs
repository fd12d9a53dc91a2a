using System.Text.Json;
using System.Text.RegularExpressions;

namespace Nuke.Tests;

/// <summary>What a run leaves in the .nuke directory.</summary>
public class FilesOfARun
{
    [Theory]
    [InlineData]
    [InlineData("--help")]
    [InlineData("--plan")]
    public void Looking_changes_nothing(params string[] arguments)
    {
        using var site = new Site();
        site.Run<ListingBuild>(arguments).ExitCode.ShouldBe(0);
        Directory.EnumerateFileSystemEntries(site.At(".nuke")).ShouldBeEmpty();
    }

    [Fact]
    public void The_log_holds_every_level_of_the_last_run_only()
    {
        using var site = new Site();
        site.RunSample("First");
        site.RunSample("Levels", "--verbosity", "Quiet");
        var log = site.Read(".nuke/temp/build.log");
        Regex.Replace(log, @"(?m)^\d\d:\d\d:\d\d\.\d{3}", "time").ShouldBe("""
            time | V | Levels               | verbose
            time | D | Levels               | debug
            time | I | Levels               | info text 1 True
            time | W | Levels               | warn
            time | E | Levels               | error
            time | F | Levels               | fatal

            """);
    }

    [Fact]
    public void On_a_CI_system_there_is_no_log_file()
    {
        using var site = new Site();
        site.RunSample("First", "--host", "GitHubActions");
        File.Exists(site.At(".nuke/temp/build.log")).ShouldBeFalse();
    }

    [Fact]
    public void The_schema_is_written_only_when_it_changes()
    {
        using var site = new Site();
        site.RunSample("First");
        var path = site.At(".nuke/build.schema.json");
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        site.RunSample("Second");
        File.GetLastWriteTimeUtc(path).ShouldBe(DateTime.UnixEpoch);

        site.Write(".nuke/build.schema.json", "{}");
        site.RunSample("Second");
        File.ReadAllText(path).ShouldContain("\"VmName\"");
    }

    [Fact]
    public void The_schema_names_targets_and_parameters_with_their_types()
    {
        using var site = new Site();
        site.RunSample("First");
        using var schema = JsonDocument.Parse(site.Read(".nuke/build.schema.json"));
        var parameters = schema.RootElement.GetProperty("allOf")[0].GetProperty("properties");
        parameters.GetProperty("RunnerCount").GetProperty("type").GetString().ShouldBe("integer");
        parameters.GetProperty("Labels").GetProperty("items").GetProperty("type").GetString().ShouldBe("string");
        parameters.GetProperty("OptionalKind").GetProperty("$ref").GetString().ShouldBe("#/definitions/RunnerKind");
        parameters.GetProperty("Configuration").GetProperty("enum").GetArrayLength().ShouldBe(2);
        parameters.TryGetProperty("Hidden", out _).ShouldBeTrue();
        schema.RootElement.GetProperty("definitions").GetProperty("ExecutableTarget").GetProperty("enum").EnumerateArray()
            .Select(x => x.GetString()).ShouldContain("DeployRunners");
    }
}
