using System.Collections.Immutable;
using System.Diagnostics;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using RunnerBuild.Remote;
using RunnerBuild.Tests.Hosts;

namespace RunnerBuild.Tests.Nights;

/// <summary>What InstallNightly writes for systemd.</summary>
public sealed class Units_of_a_night
{
    private static readonly Nightly Wanted = new("03:30", 30, 14, null);
    private static readonly NightlyUnits Units = new("/home/ada/my fleets/home.lab%1.yml");
    private static readonly NightlySurroundings Around = new("/home/ada/Runner Build", "/root", "/usr/share/dotnet", []);

    [Fact]
    public void A_machine_without_it_gets_folders_units_and_a_timer_that_runs()
    {
        var plan = Plan(Samples.BareMachine);
        plan.Select(change => change.Resource).ShouldBe(
        [
            "directory/var/lib/github-runners-nightly", "directory/var/lib/github-runners-nightly/home-lab-1",
            "file/etc/systemd/system/github-runners-nightly-home-lab-1.service", "file/etc/systemd/system/github-runners-nightly-home-lab-1.timer",
            "unit/github-runners-nightly-home-lab-1.service", "unit/github-runners-nightly-home-lab-1.timer", "unit/github-runners-nightly-home-lab-1.timer",
        ]);
        Units.Of(Wanted, Around).OfType<HostDirectory>().ShouldAllBe(folder => folder.Mode == "0700");
    }

    [Fact]
    public void A_machine_that_has_it_needs_nothing() => Plan(Installed(Wanted)).ShouldBeEmpty();

    [Fact]
    public void Another_time_is_a_new_timer_that_begins_to_count_at_once() =>
        Plan(Installed(Wanted with { At = "02:00" })).Select(change => (change.Resource.Split('/')[0], change.Field)).ShouldBe([("file", "content"), ("unit", "state")]);

    [Fact]
    public void The_units_of_another_fleet_of_the_same_name_are_left_alone()
    {
        var others = new NightlyUnits("/srv/home.lab%1.yml");
        var facts = Samples.BareMachine.With(others.Of(Wanted, Around));
        Plan(facts).Where(change => change.Refusal is not null).ShouldHaveSingleItem().From.ShouldBe("Made by InstallNightly for /srv/home.lab%1.yml");
        NightlyPlan.Removal(Units, facts).ShouldHaveSingleItem().Refusal.ShouldNotBeNull();
    }

    [Fact]
    public void Removal_takes_the_timer_the_units_and_the_reports_and_is_done_then()
    {
        NightlyPlan.Removal(Units, Installed(Wanted)).Select(change => change.Sign).ShouldBe("----");
        NightlyPlan.Removal(Units, Samples.BareMachine).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("activating", true)]
    [InlineData("failed", false)]
    public void Removal_waits_for_a_night_that_is_under_way(string state, bool refused)
    {
        var facts = Installed(Wanted);
        facts = facts with { Units = facts.Units.SetItem(Units.Service, facts.Units[Units.Service] with { Active = state }) };
        NightlyPlan.Removal(Units, facts).Any(change => change.Refusal is not null).ShouldBe(refused);
    }

    [Fact]
    public void Secrets_are_named_by_their_file_and_are_in_no_unit()
    {
        var texts = string.Concat(TextsOf(Wanted, Around with { Variables = ["GITHUB_TOKEN"] }).Values);
        texts.ShouldContain("\nEnvironmentFile=/etc/github-runners-nightly-home-lab-1.env\n");
        string.Concat(TextsOf(Wanted, Around).Values).ShouldNotContain("EnvironmentFile");
    }

    [Fact]
    public void Systemd_finds_nothing_wrong_with_them_and_reads_paths_as_they_are()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "systemd-analyze is not here");
        var folder = Directory.CreateTempSubdirectory("rb units%").FullName;
        try
        {
            var repository = Directory.CreateDirectory(Path.Combine(folder, "it's a \"re%po\" $HOME")).FullName;
            File.WriteAllText(Path.Combine(repository, "build.sh"), "#!/bin/sh\n");
            File.SetUnixFileMode(Path.Combine(repository, "build.sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
            var files = TextsOf(Wanted with { SpreadMinutes = 0 }, Around with { Repository = repository, Sdk = "/opt/a \"b\"%" }).Select(unit =>
            {
                var path = Path.Combine(folder, Path.GetFileName(unit.Key));
                File.WriteAllText(path, unit.Value);
                return path;
            }).ToList();
            Run("systemd-analyze", ["verify", "--recursive-errors=no", .. files]).ShouldBe((0, ""));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (int, string) Run(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    private static Dictionary<string, string> TextsOf(Nightly nightly, NightlySurroundings around) =>
        Units.Of(nightly, around).OfType<HostFile>().ToDictionary(file => file.Path, file => ((FileContent.Plain)file.Content).Value);

    private static HostFacts Installed(Nightly nightly) => Samples.BareMachine.With(Units.Of(nightly, Around));

    private static ImmutableArray<Change> Plan(HostFacts facts) => NightlyPlan.Diff(Units, Units.Of(Wanted, Around), facts, Samples.Nonce);
}
