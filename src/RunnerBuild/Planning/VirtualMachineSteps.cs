using System.Collections.Immutable;
using RunnerBuild.Desired;

namespace RunnerBuild.Planning;

/// <summary>A step that Proxmox's API carries out on one virtual machine.</summary>
internal abstract record VirtualMachineStep(GuestId Vm) : Step;

/// <summary>Waits for a clone that is under way. What to do next is planned afresh afterwards.</summary>
/// <param name="Task">Its UPID; null when only the lock is seen.</param>
internal sealed record AwaitClone(GuestId Vm, string? Task) : VirtualMachineStep(Vm)
{
    protected override string Text => $"wait for the clone to {Vm}";
}

/// <summary>Clones a template. What to do next is planned afresh afterwards, because only the clone shows its MAC, disks and digest.</summary>
/// <param name="Template">Where the template is.</param>
/// <param name="Storage">Null: the template's; only for full clones.</param>
internal sealed record CloneVm(
    GuestId Vm, GuestId Template, string Name, string Description, bool Full, string? Storage, string? Pool) : VirtualMachineStep(Vm)
{
    protected override string Text => $"clone of template {Template.VmId} to {Vm}";
}

/// <summary>Writes keys of the configuration, as Proxmox spells them, in one call.</summary>
/// <param name="Digest">Of the configuration the plan was made from; null before there is one.</param>
internal sealed record ConfigureVm(GuestId Vm, ImmutableSortedDictionary<string, string> Values, string? Digest) : VirtualMachineStep(Vm)
{
    protected override string Text => $"setting of {string.Join(", ", Values.Keys)} of {Vm}";
}

/// <param name="GiB">Absolute.</param>
internal sealed record ResizeDisk(GuestId Vm, string Disk, int GiB) : VirtualMachineStep(Vm)
{
    protected override string Text => $"resize of {Disk} of {Vm} to {GiB}G";
}

/// <summary>Puts the machine into a resource pool, out of the one it is in.</summary>
internal sealed record JoinPool(GuestId Vm, string Pool, bool Leaves) : VirtualMachineStep(Vm)
{
    protected override string Text => $"entry of {Vm} into pool {Pool}";
}

/// <summary>Stops and starts the machine, so that what is pending takes effect.</summary>
/// <param name="NewInstance">Cloud-init runs again as on a first boot, and makes new SSH host keys.</param>
/// <param name="Earlier">Where the guest can be reached until then; null: where the fleet says.</param>
internal sealed record RestartVm(GuestId Vm, bool NewInstance, string? Earlier = null) : VirtualMachineStep(Vm)
{
    protected override string Text => $"restart of {Vm}";
}

internal sealed record StartVm(GuestId Vm) : VirtualMachineStep(Vm)
{
    protected override string Text => $"start of {Vm}";
}

/// <summary>Asks the guest to shut down, and switches it off when it does not in time.</summary>
internal sealed record ShutDownVm(GuestId Vm) : VirtualMachineStep(Vm)
{
    protected override string Text => $"shutdown of {Vm}";
}

/// <summary>Removes the machine with its disks, snapshots and entries in backup jobs.</summary>
internal sealed record DeleteVm(GuestId Vm) : VirtualMachineStep(Vm)
{
    protected override string Text => $"removal of {Vm}";
}

internal sealed record TakeSnapshot(GuestId Vm, string Name, string Reason) : VirtualMachineStep(Vm)
{
    protected override string Text => $"snapshot {Name} of {Vm}";
}

internal sealed record DeleteSnapshot(GuestId Vm, string Name) : VirtualMachineStep(Vm)
{
    protected override string Text => $"removal of snapshot {Name} of {Vm}";
}

/// <summary>Puts disks and configuration back to what they were, and starts the machine.</summary>
internal sealed record RollBack(GuestId Vm, string Name) : VirtualMachineStep(Vm)
{
    protected override string Text => $"rollback of {Vm} to snapshot {Name}";
}
