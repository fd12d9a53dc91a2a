using System.Net;
using Integration.Running;
using Integration.Sweeping;

namespace Integration.Stations;

/// <summary>
/// Runs that are killed at one request or command after the other, each followed by another run. With RUNNERBUILD_WHOLE_SWEEP set the way
/// begins before the machine is created, else at one that has an engine and an image.
/// </summary>
[Collection("fleet")]
[Trait(FleetLife.Target, FleetLife.EndToEnd)]
public sealed class S7_Kills(LabFixture lab)
{
    private const int VmId = 250;
    private const string Container = "rbit-lab-250";

    private static readonly bool Whole = Environment.GetEnvironmentVariable("RUNNERBUILD_WHOLE_SWEEP") is { Length: > 0 };

    [Theory]
    [InlineData(Killing.AfterIt)]
    [InlineData(Killing.WhileItRuns)]
    public async Task Runs_that_are_killed_anywhere_end_where_an_undisturbed_one_does(Killing killing)
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        await BeginAsync();
        using (var undisturbed = Deploy())
            await ShouldBeDoneAsync(await undisturbed.EndAsync(TestContext.Current.CancellationToken));
        var wanted = await Facts.OfAsync(Container);
        await BeginAsync();

        using var sweep = new KillSweep(killing, Deploy);
        await using (var gate = new SshGate(Container, new IPEndPoint(IPAddress.Parse(FleetText.Gateway), FleetText.GatePort), sweep.OnExecAsync))
        {
            await gate.InstallAsync();
            lab.Proxmox.Answering = async request =>
            {
                // A machine that is made in the sweep has its gate before the run knows that it is there.
                await gate.InstallAsync();
                await sweep.OnRequestAsync(request);
            };
            lab.GitHub.Answering = request => FleetText.Hosts.Contains($"{request.From}") ? Task.CompletedTask : sweep.OnRequestAsync(request);
            try
            {
                await ShouldBeDoneAsync(await sweep.RunAsync(() => QuietAsync(gate), TestContext.Current.CancellationToken));
            }
            finally
            {
                (lab.Proxmox.Answering, lab.GitHub.Answering) = (null, null);
                TestContext.Current.TestOutputHelper?.WriteLine($"{sweep.Met.Count} kills:\n{string.Join('\n', sweep.Met)}");
            }
        }

        Facts.Differences(wanted, await Facts.OfAsync(Container)).ShouldBeEmpty();
        await ShouldHaveNoOrphanAsync();
        sweep.Met.Count.ShouldBeGreaterThanOrEqualTo(25);
    }

    private BuildProcess Deploy() =>
        BuildProcess.Start(LabFixture.Root, "DeployRunners", "--fleet", lab.FileOf("fleet.yml"), "--limit", "west", "--verbosity", "Verbose");

    private Task BeginAsync() => Whole ? Beginning.DestroyAsync(lab, VmId, Container) : Beginning.TakeOffAsync(Container);

    private static Task QuietAsync(SshGate gate) =>
        Eventually.Async(() => Task.FromResult(gate.IsQuiet ? "quiet" : "busy"), state => state == "quiet", TimeSpan.FromMinutes(5));

    /// <summary>It ended well, and another run finds nothing to do.</summary>
    private async Task ShouldBeDoneAsync(Ended ended)
    {
        ended.ExitCode.ShouldBe(0, ended.Output);
        await lab.SettleAsync();
        var again = await lab.RunAsync(FleetText.Text, limit: "west");
        again.Summaries.ShouldBe(Enumerable.Repeat("nothing to do", 4), again.Output);
    }

    private async Task ShouldHaveNoOrphanAsync()
    {
        var registered = (await lab.Lab.RunnersAsync()).Where(runner => runner.Name.StartsWith("west-", StringComparison.Ordinal)).ToList();
        registered.ShouldAllBe(runner => runner.Online);
        registered.Select(runner => runner.Name).Order(StringComparer.Ordinal).ShouldBe(await Facts.RunnersAsync(Container));
        (await LocalProgram.RunAsync("docker", "ps", "--all", "--format", "{{.Names}}", "--filter", "label=runnerbuild.lab=rbit-lab")).Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Order().ShouldBe([Container, "rbit-lab-251"]);
        (await LocalProgram.RunAsync("docker", "volume", "ls", "--quiet", "--filter", "label=runnerbuild.lab=rbit-lab")).Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(4);
    }
}
