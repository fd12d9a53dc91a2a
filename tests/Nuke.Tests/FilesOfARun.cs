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
        log = Regex.Replace(log, @"(?m)^\d\d:\d\d:\d\d\.\d{3}", "time");
        log.ShouldNotContain("First");
        log.ShouldContain("time | O |                      | hook: OnBuildCreated\n");
        log.ShouldContain("time | O | Levels               | hook: OnTargetRunning Levels\n");
        log.ShouldMatch("time \\| O \\|  +\\| Levels.*Succeeded");
        log.ShouldMatch("time \\| O \\|  +\\| Build succeeded on");
        log.ShouldContain("""
            time | V | Levels               | verbose
            time | D | Levels               | debug
            time | I | Levels               | info text 1 True
            time | W | Levels               | warn
            time | E | Levels               | error
            time | F | Levels               | fatal

            """);
    }

    [Fact]
    public async Task Two_runs_at_once_have_a_complete_log_each()
    {
        using var site = new Site();
        using var first = BuildProcess.Start(nameof(ListingBuild), site.Root, "Deaf", "--no-logo");
        while (await first.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.Contains("waiting", StringComparison.Ordinal))
        {
        }

        site.Run<ListingBuild>("Show").ExitCode.ShouldBe(0);
        first.Kill();
        await first.WaitForExitAsync(TestContext.Current.CancellationToken);

        var logs = Directory.GetFiles(site.At(".nuke/temp"), "build.*-*.log").Select(File.ReadAllText).ToList();
        logs.Count.ShouldBe(2);
        logs.Count(x => x.Contains("| I | Deaf                 | waiting", StringComparison.Ordinal) && !x.Contains("Show", StringComparison.Ordinal)).ShouldBe(1);
        var last = logs.Single(x => x.Contains("Build succeeded on", StringComparison.Ordinal));
        site.Read(".nuke/temp/build.log").ShouldBe(last);
    }

    [Fact]
    public void The_files_of_older_runs_are_removed_but_for_the_last_few()
    {
        using var site = new Site();
        foreach (var day in Enumerable.Range(1, 9))
        {
            site.Write($".nuke/temp/build.2020-01-0{day}_00-00-00.log", "");
            File.SetLastWriteTimeUtc(site.At($".nuke/temp/build.2020-01-0{day}_00-00-00.log"), DateTime.UnixEpoch);
        }

        site.RunSample("First");
        Directory.GetFiles(site.At(".nuke/temp"), "build.*-*.log").Length.ShouldBe(5);
        File.Exists(site.At(".nuke/temp/build.2020-01-09_00-00-00.log")).ShouldBeTrue();
    }

    [Fact]
    public void A_file_of_parameters_is_begun_when_there_is_none()
    {
        using var site = new Site();
        site.RunSample("First");
        site.Read(".nuke/parameters.json").ShouldBe("{\n  \"$schema\": \"./build.schema.json\"\n}\n");
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
        parameters.GetProperty("RunnerCount").GetProperty("type").GetArrayLength().ShouldBe(2);
        parameters.GetProperty("Labels").GetProperty("items").GetProperty("type").GetString().ShouldBe("string");
        parameters.GetProperty("OptionalKind").GetProperty("$ref").GetString().ShouldBe("#/definitions/RunnerKind");
        parameters.GetProperty("Configuration").GetProperty("enum").GetArrayLength().ShouldBe(2);
        parameters.TryGetProperty("Hidden", out _).ShouldBeTrue();
        schema.RootElement.GetProperty("definitions").GetProperty("ExecutableTarget").GetProperty("enum").EnumerateArray()
            .Select(x => x.GetString()).ShouldContain("DeployRunners");
    }
}
