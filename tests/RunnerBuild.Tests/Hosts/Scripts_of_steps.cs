using System.Collections.Immutable;
using Lab.Tests;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using RunnerBuild.Remote;

namespace RunnerBuild.Tests.Hosts;

/// <summary>What a step's script does where it meets a machine that is not at rest; the machine's programs are shell functions.</summary>
public class Scripts_of_steps
{
    private const string Locked = """
        apt-get() {
          case "$*" in
            *update*)
              echo x >>"$TRIES"
              [ "$(wc -l <"$TRIES")" -gt 2 ] || { echo 'E: Could not get lock /var/lib/apt/lists/lock. It is held by process 7 (apt-get)' >&2; return 100; } ;;
            *install*) echo "installed $*" ;;
          esac
        }
        """;

    [Fact]
    public async Task Package_lists_that_somebody_else_is_fetching_are_waited_for()
    {
        var (exitCode, output) = await RunAsync(Locked, Install);
        exitCode.ShouldBe(0, output);
        output.ShouldContain("installed");
    }

    [Fact]
    public async Task What_else_is_wrong_with_package_lists_is_said_at_once()
    {
        var (exitCode, output) = await RunAsync("apt-get() { echo 'E: The repository has no Release file.' >&2; return 100; }", Install);
        exitCode.ShouldNotBe(0);
        output.ShouldContain("has no Release file");
    }

    [Theory]
    [InlineData(3, 0, "restarted")]
    [InlineData(1000, 1, "live-restore")]
    public async Task Dockerd_is_restarted_once_its_containers_would_live_through_it(int looks, int exitCode, string said)
    {
        var run = await RunAsync(
            $$"""
            systemctl() { [ "$1" != restart ] || echo restarted; }
            docker() {
              case "$1" in
                ps) echo a-container ;;
                info) echo x >>"$TRIES"; [ "$(wc -l <"$TRIES")" -ge {{looks}} ] && echo true || echo false ;;
              esac
            }
            """, Restart);
        run.ExitCode.ShouldBe(exitCode, run.Output);
        run.Output.ShouldContain(said);
        if (exitCode == 0)
            run.Output.ShouldNotContain("command not found");
        else
            run.Output.ShouldNotContain("restarted");
    }

    [Theory]
    [InlineData("Thu 2026-11-26 01:45:50.250000 UTC", 1795657550.25)]
    [InlineData("n/a", 0)]
    [InlineData("", 0)]
    public async Task A_units_start_is_what_systemd_says_also_after_the_machine_slept(string since, double seconds)
    {
        using var folder = new TemporaryFolder();
        var script = folder.At("facts.sh");
        await File.WriteAllTextAsync(script, EmbeddedText.Read("host-facts.sh"), TestContext.Current.CancellationToken);
        var systemctl = $$"""systemctl() { printf '%s\n' LoadState=loaded ActiveState=active SubState=running UnitFileState=enabled NeedDaemonReload=no 'ActiveEnterTimestamp={{since}}' ActiveEnterTimestampMonotonic=1; }""";
        var (_, output) = await LocalProcess.RunAsync("bash", ["-c", $"{systemctl}; export -f systemctl; bash '{script}' salt unit docker.service"], "/", null, TestContext.Current.CancellationToken);
        HostFactsReader.Parse(output, DateTimeOffset.UtcNow).Units["docker.service"].ActiveSince.ShouldBe(seconds, 0.001);
    }

    private static RunScript Install =>
        PackagePlan.Diff(new Packages(["git"]), ImmutableDictionary<string, string>.Empty).Single().Steps.OfType<RunScript>().Single();

    private static RunScript Restart
    {
        get
        {
            var unit = new Unit("docker.service", ["/f"], ReloadsFirst: true);
            var facts = Samples.BareMachine.With([unit], now: 0).WithFile("/f", new FileFact(FileKind.File, "0644", "root:root", "", 1000));
            return UnitPlan.Diff(unit, facts, []).Single().Steps.OfType<RunScript>().Single();
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string programs, RunScript step)
    {
        using var folder = new TemporaryFolder();
        var tries = folder.At("tries");
        await File.WriteAllTextAsync(tries, "", TestContext.Current.CancellationToken);
        return await LocalProcess.RunAsync(
            "bash", ["-c", $"TRIES={tries}\nsleep() {{ :; }}\n{programs}\n{step.Script}", "step", .. step.Arguments], "/", null, TestContext.Current.CancellationToken);
    }
}
