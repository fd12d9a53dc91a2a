using System.Diagnostics;
using EventLog = Supervisor.Systemd.EventLog;
using System.Text.Json;
using System.Text.RegularExpressions;
using RunnerBuild.Desired;
using RunnerBuild.Remote;
using RunnerBuild.Verifying;
using Supervisor.Refresh;
using YamlDotNet.RepresentationModel;
using Settings = Supervisor.Configuration;

namespace RunnerBuild.Tests.Nights;

/// <summary>nightly-image-refresh.yml against the supervisor's own door, with a run that writes what the nightly run writes.</summary>
public sealed class Refresh_from_a_job : IAsyncLifetime
{
    private static readonly string Root = Path.GetFullPath("../..", Config.Golden.Fleets);
    private static readonly YamlMappingNode Workflow = Read();

    private readonly string _folder = Directory.CreateTempSubdirectory("rb-door-").FullName;
    private RefreshDoors _doors = null!;

    private RefreshPlaces Places => new() { Marker = In("nightly.json"), Request = In("request") };

    public ValueTask InitializeAsync()
    {
        _doors = new RefreshDoors(In("doors"), new RefreshRun(Places), new EventLog(TextWriter.Null)) { RunnerIn = _ => "one-1-abc" };
        _doors.Use(new Settings.SupervisorSettings
        {
            Version = 1, Host = "one",
            Pools = [new() { Name = "p", Api = "https://api.github.com", Scope = "orgs/acme", Credential = "c", Labels = ["refresh"], Image = "i", Docker = "none", Slots = ["s-1"], RefreshDoor = true }],
        });
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void It_holds_no_credential_and_comes_through_the_door_alone()
    {
        var text = File.ReadAllText(PathOf());
        Workflow.Children["permissions"].ShouldBeOfType<YamlMappingNode>().Children.ShouldBeEmpty();
        Regex.IsMatch(text, @"secrets\.|github\.token|\buses:|\bssh\b|sudo (?!\./build\.sh InstallNightly)").ShouldBeFalse();
        Step("env").ShouldBeOfType<YamlMappingNode>().Children["DOOR"].ToString().ShouldBe($"{RefreshDoors.Mounted}/{RefreshDoor.FileName}");
        $"{Step("run")}".ShouldContain($"http://door{RefreshDoor.Path}\n".TrimEnd());
        Job("runs-on").ShouldBeOfType<YamlSequenceNode>().Select(label => $"{label}").ShouldContain("self-hosted");
    }

    [Fact]
    public void What_it_names_is_there()
    {
        var targets = Directory.EnumerateFiles(Path.Combine(Root, "build"), "*.cs").SelectMany(file => Regex.Matches(File.ReadAllText(file), @"^    Target (\w+) =>", RegexOptions.Multiline)).Select(match => match.Groups[1].Value).ToList();
        var units = new NightlyUnits("/srv/homelab.yml").Of(new RunnerBuild.Config.Nightly("03:30", 0, 1, null), new NightlySurroundings("/p", "/root", "/sdk", [], Door: true)).OfType<HostFile>().ToDictionary(file => file.Path, file => ((FileContent.Plain)file.Content).Value);
        var said = string.Concat(units.Values.Append(File.ReadAllText(PathOf())).Append(RefreshRun.NotHere).Append(File.ReadAllText(Path.Combine(Root, "docs/decisions/0027-the-nightly-run-and-its-door.md"))));
        Regex.Matches(said, @"build\.sh""? ""?(\w+)").Select(match => match.Groups[1].Value).Distinct().ShouldBeSubsetOf(targets);
        Regex.Matches(said, @"build\.sh").ShouldNotBeEmpty();

        var places = new RefreshPlaces();
        places.Marker.ShouldBe(NightlyUnits.Marker);
        var marker = JsonSerializer.Deserialize(units[NightlyUnits.Marker], RefreshJson.Default.RefreshMarker)!;
        marker.ShouldBe(new RefreshMarker("github-runners-nightly-homelab.service", "/run/github-runners-nightly/homelab", "/var/lib/github-runners-nightly/homelab"));
        var service = units[$"/etc/systemd/system/{marker.Unit}"];
        service.ShouldContain($"mv -f {places.Request} {marker.Running}/asked-by'");
        service.ShouldContain($"RuntimeDirectory={marker.Running["/run/".Length..]}\n");
        units["/etc/systemd/system/github-runners-nightly-homelab.path"].ShouldContain($"PathExists={places.Request}\nUnit={marker.Unit}\n");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_follows_the_run_and_shows_its_report(bool good)
    {
        Mark();
        new NightlyReports(In("reports"), 9).Save(Night.Bad());
        var running = Task.Run(() => RunAsync(good ? Night.Good(1) : Night.Bad(1)), TestContext.Current.CancellationToken);
        var (code, output) = await JobAsync();
        await running;

        output.ShouldContain("gh-1  wait for 2 runners");
        code.ShouldBe(good ? 0 : 1, output);
        var summary = await File.ReadAllTextAsync(In("summary"), TestContext.Current.CancellationToken);
        summary.ShouldContain(good ? "**Good**, 2026-03-02" : "**Not good**, 2026-03-02");
        (await File.ReadAllTextAsync(In("asked-by"), TestContext.Current.CancellationToken)).ShouldBe("one-1-abc");
    }

    [Fact]
    public async Task A_run_that_leaves_no_report_is_not_taken_for_the_last_one()
    {
        Mark();
        new NightlyReports(In("reports"), 9).Save(Night.Good());
        var running = Task.Run(() => RunAsync(null), TestContext.Current.CancellationToken);
        var (code, output) = await JobAsync();
        await running;
        code.ShouldBe(1);
        output.ShouldContain("ended without a report");
    }

    [Fact]
    public async Task Where_no_run_is_installed_the_job_says_how_to_go_on()
    {
        var (code, output) = await JobAsync();
        code.ShouldBe(1);
        output.ShouldContain("::error title=The image was not refreshed::The fleet's nightly run is not installed on this host");
        output.ShouldContain("InstallNightly");
    }

    [Fact]
    public async Task Without_a_door_the_job_says_what_the_fleet_lacks()
    {
        await _doors.DisposeAsync();
        Directory.Delete(In("doors"), recursive: true);
        (await JobAsync()).Output.ShouldContain("refreshDoor: true");
    }

    /// <summary>What systemd and the nightly run do.</summary>
    private async Task RunAsync(NightlyReport? report)
    {
        var cancel = TestContext.Current.CancellationToken;
        while (!File.Exists(Places.Request))
            await Task.Delay(20, cancel);
        Directory.CreateDirectory(In("running"));
        File.Move(Places.Request, In("asked-by"));
        using (var progress = new NightlyProgress(TextWriter.Null, In("running")))
            await progress.WriteLineAsync("gh-1  wait for 2 runners");
        await Task.Delay(TimeSpan.FromSeconds(1), cancel);
        if (report is not null)
            new NightlyReports(In("reports"), 9).Save(report);
        Directory.Delete(In("running"), recursive: true);
    }

    private async Task<(int Code, string Output)> JobAsync()
    {
        using var bash = new Process { StartInfo = new ProcessStartInfo("bash", ["-e", "-c", $"{Step("run")}"]) { RedirectStandardOutput = true, RedirectStandardError = true } };
        foreach (var (name, value) in new[] { ("DOOR", In("doors/s-1/refresh.sock")), ("PAUSE", "0.2"), ("GITHUB_STEP_SUMMARY", In("summary")) })
            bash.StartInfo.Environment[name] = value;
        bash.Start();
        var errors = bash.StandardError.ReadToEndAsync();
        var output = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();
        return (bash.ExitCode, output + await errors);
    }

    private void Mark() => File.WriteAllText(Places.Marker, JsonSerializer.Serialize(new RefreshMarker("u.service", In("running"), In("reports")), RefreshJson.Default.RefreshMarker));

    private string In(string name) => Path.Combine(_folder, name);

    private static YamlNode Job(string key) => ((YamlMappingNode)Workflow.Children["jobs"]["refresh"]).Children[key];

    private static YamlNode Step(string key) => ((YamlMappingNode)((YamlSequenceNode)Job("steps")).Single()).Children[key];

    private static string PathOf() => Path.Combine(Root, ".github/workflows/nightly-image-refresh.yml");

    private static YamlMappingNode Read()
    {
        var yaml = new YamlStream();
        using var reader = new StreamReader(PathOf());
        yaml.Load(reader);
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    public async ValueTask DisposeAsync()
    {
        await _doors.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
