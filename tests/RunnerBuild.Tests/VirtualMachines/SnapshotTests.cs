using Lab.Proxmox;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using RunnerBuild.Remote.Proxmox;
using static RunnerBuild.Tests.VirtualMachines.Samples;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>The way back before a risky change.</summary>
public sealed class SnapshotTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Case_34_the_newest_snapshot_is_kept_and_a_rollback_to_it_restores_and_starts_the_machine()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.RunAsync(Host, Cancel);
        await cluster.WriteAsync(ProxmoxCall.Post("/nodes/node005/qemu/250/snapshot", [new("snapname", "by-hand")], "snapshot"), Cancel);
        var snapshots = cluster.Snapshots(Host);
        await snapshots.TakeAsync("before one", cluster.Told, Cancel);
        await snapshots.TakeAsync("before BootstrapHost: docker.io", cluster.Told, Cancel);

        (await NamesAsync(cluster)).Count(name => name.StartsWith("runnerbuild-", StringComparison.Ordinal)).ShouldBe(1);
        (await NamesAsync(cluster)).ShouldContain("by-hand");
        var newest = (await snapshots.NewestAsync(Cancel)).ShouldNotBeNull();
        newest.Reason.ShouldBe("before BootstrapHost: docker.io");
        await cluster.WriteAsync(ProxmoxCall.Post("/nodes/node005/qemu/250/config", [new("cores", "2"), new("description", "spoilt")], "spoil"), Cancel);

        await cluster.WriteAsync(Applying.VirtualMachineCall.Of(new RollBack(Wanted.Id, newest.Name)).Call, Cancel);

        var facts = await cluster.Vms.ObserveAsync(Host, Cancel);
        VirtualMachinePlan.Diff(Wanted, facts).Where(change => change.Field != "state").ShouldBeEmpty();
        await RunningAsync(cluster, Host);
        cluster.Machines.Starts.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Case_34_names_that_cannot_be_are_refused()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.RunAsync(Host, Cancel);
        static ProxmoxCall Take(string name) => ProxmoxCall.Post("/nodes/node005/qemu/250/snapshot", [new("snapname", name)], "snapshot");

        (await Should.ThrowAsync<ProxmoxException>(() => cluster.WriteAsync(Take("current"), Cancel))).Why.ShouldContain("reserved name");
        (await Should.ThrowAsync<ProxmoxException>(() => cluster.WriteWronglyAsync(Take("x"), Cancel))).Why.ShouldContain("invalid configuration ID 'x'");
    }

    [Fact]
    public async Task Case_34_a_name_twice_and_an_unknown_one_fail_in_their_tasks()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.RunAsync(Host, Cancel);
        var take = ProxmoxCall.Post("/nodes/node005/qemu/250/snapshot", [new("snapname", "clean")], "snapshot");
        await cluster.WriteAsync(take, Cancel);

        (await Should.ThrowAsync<ProxmoxException>(() => cluster.WriteAsync(take, Cancel))).Why.ShouldContain("snapshot name 'clean' already used");
        (await Should.ThrowAsync<ProxmoxException>(() => cluster.WriteAsync(Applying.VirtualMachineCall.Of(new RollBack(Wanted.Id, "other")).Call, Cancel)))
            .Why.ShouldContain("snapshot 'other' does not exist");
    }

    [Fact]
    public async Task A_storage_without_snapshots_and_a_strangers_machine_are_refused_before_any_write()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Options with { Storages = [.. Storage.Defaults.Select(storage => storage with { HasSnapshots = false })] });
        await cluster.RunAsync(Host, Cancel);
        cluster.Wire.Forget();

        (await Should.ThrowAsync<RunnerBuildException>(() => cluster.Snapshots(Host).TakeAsync("x", cluster.Told, Cancel))).Fix.ShouldContain("LVM-thin");
        (await Should.ThrowAsync<RunnerBuildException>(() => cluster.Snapshots(HostOf(Spec, "another")).TakeAsync("x", cluster.Told, Cancel))).What.ShouldContain("not another's");

        cluster.Writes.ShouldBeEmpty();
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(Cluster cluster) =>
        [.. (await cluster.Client.GetAsync("/nodes/node005/qemu/250/snapshot", "list", Cancel)).Items().Select(entry => entry.Text("name")!)];

    internal static async Task RunningAsync(Cluster cluster, RunnerBuild.Config.Host host)
    {
        for (var tries = 0; await cluster.Vms.ObserveAsync(host, Cancel) is not VirtualMachineFacts.Present { Running: true }; tries++)
        {
            tries.ShouldBeLessThan(200);
            await Task.Delay(10, Cancel);
        }
    }
}
