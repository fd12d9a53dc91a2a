using System.Text.Json;
using Integration.Running;
using RunnerBuild;
using RunnerBuild.Operating;

namespace Integration.Stations;

/// <summary>A host's machine is rolled back, removed and made again; each waits for the jobs that run on it, and leaves the other host alone.</summary>
[Collection("fleet")]
[Trait(FleetLife.Target, FleetLife.EndToEnd)]
public sealed class S9_VirtualMachines(LabFixture lab)
{
    [Fact]
    public async Task A_rollback_waits_for_jobs_and_the_host_serves_again_as_it_was()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        await lab.SettleAsync();
        // Installed anew by BootstrapHost, which takes the snapshot before.
        await lab.OnHostAsync("west", "apt-get -qq remove -y docker-buildx >/dev/null");
        var before = await lab.RunAsync(FleetText.Text, West with { Snapshot = true });
        await lab.OnHostAsync("west", "touch /spoilt");
        var job = await CountingJob.StartAsync(lab, "west", "plain-west", 20);

        var planned = await RollBackAsync(West, VirtualMachineRollback.PreviewAsync);
        var early = await RollBackAsync(West with { Timeout = TimeSpan.FromSeconds(2) });
        (await lab.Lab.JobAsync(job.Id)).Status.ShouldBe("in_progress");
        var run = await RollBackAsync(West);

        before.Faults.ShouldBeEmpty(before.Output);
        before.Output.ShouldContain("snapshot");
        planned.Output.ShouldContain("~ vm/250  disks and configuration  now -> ");
        early.Faults.ShouldNotBeEmpty();
        early.Output.ShouldContain("still have jobs");
        run.Faults.ShouldBeEmpty(run.Output);
        await job.ShouldEndAsync();
        (await lab.OnHostAsync("west", "ls /spoilt 2>/dev/null; dpkg-query -W -f '${db:Status-Abbrev}' docker-buildx 2>/dev/null || true")).ShouldNotContain("ii");
        (await lab.OnHostAsync("west", "ls /spoilt 2>/dev/null; true")).ShouldBeEmpty();
        // The service comes up with the machine; this run waits for it, and installs what the snapshot had not.
        (await lab.RunAsync(FleetText.Text, West)).Faults.ShouldBeEmpty();
        await lab.SettleAsync();
        (await lab.Lab.RunAsync("echo as it was", "plain-west")).Conclusion.ShouldBe("success");
        await lab.SettleAsync();
    }

    [Fact]
    public async Task B_a_machine_is_removed_after_its_jobs_with_its_registrations_and_made_again()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        await lab.SettleAsync();
        var job = await CountingJob.StartAsync(lab, "west", "plain-west", 20);

        var own = await DestroyAsync(West with { Runner = job.Runner });
        var early = await DestroyAsync(West with { Timeout = TimeSpan.FromSeconds(2) });
        (await lab.Lab.JobAsync(job.Id)).Status.ShouldBe("in_progress");
        (await MachinesAsync()).ShouldContain(250);
        var run = await DestroyAsync(West);
        var again = await DestroyAsync(West);

        own.Faults.ShouldNotBeEmpty();
        own.Output.ShouldContain("it would end with the machine");
        early.Output.ShouldContain("still have jobs");
        run.Faults.ShouldBeEmpty(run.Output);
        again.Summaries.ShouldBe(["nothing to do"], again.Output);
        await job.ShouldEndAsync();
        var left = await MachinesAsync();
        left.ShouldNotContain(250);
        left.ShouldContain(251);
        (await lab.Lab.RunnersAsync()).ShouldNotContain(runner => runner.Name.StartsWith("west-", StringComparison.Ordinal));
        (await lab.Lab.RunnersAsync()).Count(runner => runner.Online && runner.Name.StartsWith("east-", StringComparison.Ordinal)).ShouldBe(4);

        (await lab.RunAsync(FleetText.Text, West)).Faults.ShouldBeEmpty();
        await lab.SettleAsync();
        (await lab.Lab.RunAsync("echo here again", "plain-west")).Conclusion.ShouldBe("success");
        await lab.SettleAsync();
    }

    private static RunOptions West => LabFixture.OptionsOf(false, "west");

    private Task<Run> DestroyAsync(RunOptions options) =>
        lab.RunAsync(FleetText.Text, options, site => site.ConvergeAsync(site.Destruction, TestContext.Current.CancellationToken));

    private Task<Run> RollBackAsync(RunOptions options) =>
        lab.RunAsync(FleetText.Text, options, site => VirtualMachineRollback.RunAsync(site, TestContext.Current.CancellationToken));

    private Task<Run> RollBackAsync(RunOptions options, Func<Site, CancellationToken, Task<IReadOnlyList<string>>> preview) =>
        lab.RunAsync(FleetText.Text, options, async site => string.Join('\n', await preview(site, TestContext.Current.CancellationToken)));

    private async Task<IReadOnlyList<int>> MachinesAsync()
    {
        using var proxmox = lab.ProxmoxClient();
        using var list = JsonDocument.Parse(await proxmox.GetStringAsync("cluster/resources?type=vm", TestContext.Current.CancellationToken));
        return [.. list.RootElement.GetProperty("data").EnumerateArray().Select(entry => entry.GetProperty("vmid").GetInt32())];
    }
}
