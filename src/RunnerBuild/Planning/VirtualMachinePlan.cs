using System.Collections.Immutable;
using RunnerBuild.Desired;
using RunnerBuild.Facts;

namespace RunnerBuild.Planning;

/// <summary>From a wanted virtual machine and what stands under its VMID to the changes between them.</summary>
internal static class VirtualMachinePlan
{
    public static IReadOnlyList<Change> Diff(VirtualMachine want, VirtualMachineFacts have, Consent? consent = null)
    {
        var given = consent ?? Consent.None;
        return have switch
        {
            VirtualMachineFacts.Absent absent => VirtualMachineCreation.Of(want, absent),
            VirtualMachineFacts.Cloning cloning => [new(Resource(want), "clone", "under way", "done", [new AwaitClone(want.Id, cloning.Task)])],
            VirtualMachineFacts.Occupied occupied => [VirtualMachineOwnership.Refusal(want, occupied.Guest)],
            VirtualMachineFacts.Hidden =>
            [
                VirtualMachineOwnership.Taken(want, "a guest that the token may not see",
                    $"Grant the token VM.Audit on /vms/{want.Id.VmId} (or on the machine's pool), or choose another vmid for {want.Name}."),
            ],
            VirtualMachineFacts.Present present when VirtualMachineOwnership.Refusal(want, present, given.Adopt) is { } refusal => [refusal],
            VirtualMachineFacts.Present present => Attributes(want, present, given),
            _ => throw new ArgumentOutOfRangeException(nameof(have), have, null),
        };
    }

    /// <summary>The steps of some changes, in the order they must be done, with all configuration in one call.</summary>
    public static IReadOnlyList<VirtualMachineStep> Steps(IEnumerable<Change> changes)
    {
        var steps = changes.SelectMany(change => change.Steps).OfType<VirtualMachineStep>().ToArray();
        var writes = steps.OfType<ConfigureVm>().ToArray();
        IEnumerable<VirtualMachineStep> merged = writes.Length == 0
            ? []
            : [writes[0] with { Values = writes.SelectMany(write => write.Values).ToImmutableSortedDictionary() }];
        return
        [
            .. steps.OfType<AwaitClone>(), .. steps.OfType<CloneVm>(), .. merged, .. steps.OfType<JoinPool>(), .. steps.OfType<ResizeDisk>(),
            .. steps.OfType<StartVm>(), .. steps.OfType<RestartVm>(),
        ];
    }

    /// <summary>What is set as wanted but not yet in force, one sentence each.</summary>
    public static IEnumerable<string> Notes(VirtualMachine want, VirtualMachineFacts have) =>
        have is VirtualMachineFacts.Present present ? VirtualMachineRestart.Notes(want, present) : [];

    private static List<Change> Attributes(VirtualMachine want, VirtualMachineFacts.Present have, Consent consent)
    {
        var changes = VirtualMachineSettings.Differing(want, have.Config, have.Release)
            .Select(setting => Set(want, setting, have.Digest) with { Note = have.Running ? VirtualMachineRestart.Note(setting.Key) : null }).ToList();
        if (consent.Restart && VirtualMachineRestart.Change(want, have, changes.Select(change => change.Field)) is { } restart)
            changes.Add(restart);
        if (VirtualMachinePool.Change(want, have) is { } pool)
            changes.Add(pool);
        if (VirtualMachineDisk.Change(want, have.Config) is { } disk)
            changes.Add(disk);
        if (!have.Running)
            changes.Add(new(Resource(want), "state", "stopped", "running", [new StartVm(want.Id)]));
        return changes;
    }

    internal static Change Set(VirtualMachine want, Setting setting, string? digest) => new(
        Resource(want), setting.Key, setting.From, setting.To,
        [new ConfigureVm(want.Id, ImmutableSortedDictionary<string, string>.Empty.Add(setting.Key, setting.Wire), digest)]);

    internal static string Resource(VirtualMachine want) => $"vm/{want.Id.VmId}";
}
