using Integration.Running;

namespace Integration.Stations;

/// <summary>Changes that a running machine takes over only at a restart, while it has a job.</summary>
[Collection("fleet")]
[Trait(FleetLife.Target, FleetLife.EndToEnd)]
public sealed class S9_Restarts(LabFixture lab)
{
    [Fact]
    public async Task A_a_restart_waits_for_consent_and_then_for_the_job()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        await lab.SettleAsync();
        var less = FleetText.With(("memory: 6G", "memory: 5G"));
        var before = await BootAsync();
        var job = await CountingJob.StartAsync(lab, "west", "plain-west", 30);

        var written = await CreateAsync(less, LabFixture.OptionsOf(false, "west"));
        var said = await CreateAsync(less, LabFixture.OptionsOf(false, "west"));
        var own = await CreateAsync(less, LabFixture.OptionsOf(false, "west") with { AllowRestart = true, Runner = job.Runner });
        (await BootAsync()).ShouldBe(before);
        var restarted = await CreateAsync(less, LabFixture.OptionsOf(false, "west") with { AllowRestart = true });
        await job.ShouldEndAsync();
        var again = await lab.RunAsync(less, LabFixture.OptionsOf(false, "west") with { AllowRestart = true });

        written.Summaries.ShouldBe(["1 change made"], written.Output);
        written.Output.ShouldContain("(needs a restart)");
        said.Summaries.ShouldBe(["nothing to do"], said.Output);
        said.Output.ShouldContain("memory 5120 needs a restart (--allow-restart)");
        own.Output.ShouldContain("a restart of the machine would end it");
        restarted.Faults.ShouldBeEmpty(restarted.Output);
        restarted.Output.ShouldContain("waiting for the jobs of");
        (await BootAsync()).ShouldNotBe(before);
        again.Faults.ShouldBeEmpty(again.Output);
        again.Summaries[0].ShouldBe("nothing to do");

        (await lab.RunAsync(FleetText.Text, LabFixture.OptionsOf() with { AllowRestart = true })).Faults.ShouldBeEmpty();
        await lab.SettleAsync();
    }

    /// <summary>Since when the machine runs: its first process.</summary>
    private Task<string> BootAsync() => lab.OnHostAsync("west", "ps -o lstart= -p 1");

    private Task<Run> CreateAsync(string text, RunnerBuild.RunOptions options) =>
        lab.RunAsync(text, options, site => site.ConvergeAsync(site.Machines, TestContext.Current.CancellationToken));
}
