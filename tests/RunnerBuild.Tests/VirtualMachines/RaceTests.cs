using RunnerBuild.Planning;
using RunnerBuild.Remote.Proxmox;
using static RunnerBuild.Tests.VirtualMachines.Samples;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>Others who want the same at the same time.</summary>
public sealed class RaceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Case_44_of_two_runs_that_clone_to_one_id_at_once_both_end_with_the_one_machine()
    {
        await using var cluster = await Cluster.StartAsync();
        using var client = cluster.Wire.Client();
        using var other = new Applying.VirtualMachines(client);
        var plans = await Task.WhenAll(Planned(cluster.Vms), Planned(other));

        await Task.WhenAll(
            cluster.Vms.ApplyAsync(Host, plans[0], Consent.None, cluster.Told, Cancel), other.ApplyAsync(Host, plans[1], Consent.None, cluster.Told, Cancel));

        (await cluster.GuestsAsync(Cancel)).ShouldBe(2);
        cluster.Machines.Starts.Count.ShouldBe(1);
        (await cluster.RunAsync(Host, Cancel)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("node005")]
    [InlineData("node006")]
    public async Task Cases_16_and_44_whoever_is_beaten_to_an_id_by_a_stranger_names_it_and_leaves_it_alone(string node)
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Options with
        {
            Storages = [.. Lab.Proxmox.Storage.Defaults.Select(storage => storage with { Shared = true })],
        });
        var plan = await Planned(cluster.Vms);
        await cluster.WriteAsync(
            ProxmoxCall.Post("/nodes/node005/qemu/9999/clone", [new("newid", "250"), new("name", "ocean"), new("full", "1"), new("target", node)], "steal"), Cancel);
        cluster.Wire.Forget();

        var refused = await Should.ThrowAsync<RunnerBuildException>(() => cluster.Vms.ApplyAsync(Host, plan, Consent.None, cluster.Told, Cancel));

        refused.Fix.ShouldContain("VMID 250 is taken by virtual machine `ocean`");
        cluster.Writes.ShouldHaveSingleItem().Path.ShouldEndWith("/clone");
        (await cluster.GuestsAsync(Cancel)).ShouldBe(2);
    }

    private static async Task<IReadOnlyList<Change>> Planned(Applying.VirtualMachines vms) => VirtualMachinePlan.Diff(Wanted, await vms.ObserveAsync(Host, Cancel));
}
