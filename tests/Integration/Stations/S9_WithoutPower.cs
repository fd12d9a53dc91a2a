using Integration.Running;
using RunnerBuild;

namespace Integration.Stations;

/// <summary>A host goes down without a word while a job runs. The lost runner stays registered until its job's lease ends, which is not waited for here.</summary>
[Collection("fleet")]
[Trait(FleetLife.Target, FleetLife.EndToEnd)]
public sealed class S9_WithoutPower(LabFixture lab)
{
    [Fact]
    public async Task The_job_is_lost_and_nothing_else()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        await lab.SettleAsync();
        var job = await LastingJob.StartAsync(lab, "west", "plain-west", 600, loop => loop);
        var before = (await lab.Lab.RunnersAsync()).Where(IsHere).Select(runner => runner.Name).ToList();

        await SwitchAsync("stop", "stopped");
        await SwitchAsync("start", "running");
        await Eventually.Async(ServingAsync, serving => serving == "3 of 3", TimeSpan.FromSeconds(180));
        await lab.SettleAsync();

        // GitHub calls the lost runner busy, and refuses to delete it, until its job's lease ends; with the job it goes.
        (await lab.Lab.JobAsync(job.Id)).Conclusion.ShouldBeNull();
        await lab.Lab.FaultAsync("runner-lost", job.Runner);
        (await lab.Lab.EndOfAsync(job.Id)).Conclusion.ShouldBe("failure");
        var after = await Eventually.Async(
            async () => (await lab.Lab.RunnersAsync()).Where(IsHere).ToList(),
            runners => runners.Count == 3 && runners.All(runner => runner.Online && !runner.Busy), TimeSpan.FromSeconds(60));
        after.Select(runner => runner.Name).Intersect(before).ShouldBeEmpty();
        var run = await lab.RunAsync(FleetText.Text, limit: "west");
        run.Faults.ShouldBeEmpty(run.Output);
        (await lab.Lab.RunAsync("echo here again", "plain-west")).Conclusion.ShouldBe("success");
        await lab.SettleAsync();
    }

    private static bool IsHere(Lab.GitHub.Runner runner) => runner.Name.StartsWith("west-", StringComparison.Ordinal);

    private async Task SwitchAsync(string verb, string wanted)
    {
        using var proxmox = lab.ProxmoxClient();
        (await proxmox.PostAsync($"nodes/pve/qemu/250/status/{verb}", new FormUrlEncodedContent([]), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        await Eventually.Async(
            () => proxmox.GetStringAsync("nodes/pve/qemu/250/status/current", TestContext.Current.CancellationToken),
            status => status.Contains($"\"status\":\"{wanted}\"", StringComparison.Ordinal), TimeSpan.FromSeconds(60));
    }

    private async Task<string> ServingAsync()
    {
        try
        {
            var status = await lab.OnHostAsync("west", "/opt/github-runners/bin/runnerctl status --json");
            return $"{status.Split("\"Idle\"").Length - 1} of 3";
        }
        catch (RunnerBuildException notYet)
        {
            return notYet.Message;
        }
    }
}
