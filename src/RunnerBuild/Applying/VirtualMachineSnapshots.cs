using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using RunnerBuild.Remote.Proxmox;

namespace RunnerBuild.Applying;

/// <summary>A way back before a risky change: one snapshot of a machine, the newest; those of other people are left alone.</summary>
internal sealed class VirtualMachineSnapshots(ProxmoxClient client, VirtualMachines machines, Host host)
{
    private readonly GuestId _vm = VirtualMachine.Of(host).Id;

    /// <summary>The snapshot that a rollback goes to; null: there is none.</summary>
    public async Task<Snapshot?> NewestAsync(CancellationToken cancel) => (await Snapshot.OfAsync(client, _vm, cancel)).FirstOrDefault();

    public async Task TakeAsync(string reason, IProgress<string> progress, CancellationToken cancel)
    {
        await RequireOursAsync(cancel);
        var feature = await client.GetAsync($"{_vm.Path}/feature?feature=snapshot", $"ask whether {_vm} can have snapshots", cancel);
        if (!feature.Flag("hasFeature"))
            throw new RunnerBuildException(
                $"{_vm} cannot have a snapshot.", "A storage of its disks has none, such as LVM without thin provisioning.", "Move the disks to LVM-thin, ZFS, Ceph or qcow2 files; or leave --snapshot out.");
        var before = await Snapshot.OfAsync(client, _vm, cancel);
        var name = Snapshot.NameAt(client.Time.GetUtcNow());
        await RunAsync(new TakeSnapshot(_vm, name, reason), progress, cancel);
        if ((await NewestAsync(cancel))?.Name != name)
            throw new RunnerBuildException($"There is no snapshot {name} of {_vm}.", "Its request was lost on the way.", "Nothing else was done. Run the same target again.");
        foreach (var older in before)
            await RunAsync(new DeleteSnapshot(_vm, older.Name), progress, cancel);
    }

    /// <summary>Ends when the machine runs again, as it was.</summary>
    public async Task RollBackAsync(Snapshot to, IProgress<string> progress, CancellationToken cancel)
    {
        await RequireOursAsync(cancel);
        await RunAsync(new RollBack(_vm, to.Name), progress, cancel);
        await machines.WaitUntilReadyAsync(host, progress, cancel);
    }

    private Task RunAsync(VirtualMachineStep step, IProgress<string> progress, CancellationToken cancel) => machines.RunOrLookUpAsync(step, progress, cancel);

    private async Task RequireOursAsync(CancellationToken cancel)
    {
        var have = await machines.ObserveAsync(host, cancel);
        if (have is not VirtualMachineFacts.Present present || !VirtualMachineOwnership.IsOurs(VirtualMachine.Of(host), present))
            throw new RunnerBuildException($"{_vm} is not {host.Name}'s, or not there.", "Snapshots are only taken of machines with the host's mark.", "Run CreateVm first.");
    }
}
