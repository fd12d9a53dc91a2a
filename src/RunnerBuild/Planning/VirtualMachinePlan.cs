using System.Collections.Immutable;
using RunnerBuild.Desired;
using RunnerBuild.Facts;

namespace RunnerBuild.Planning;

/// <summary>From a wanted virtual machine and what stands under its VMID to the changes between them.</summary>
internal static class VirtualMachinePlan
{
    public static IReadOnlyList<Change> Diff(VirtualMachine want, VirtualMachineFacts have) => have switch
    {
        VirtualMachineFacts.Absent absent => VirtualMachineCreation.Of(want, absent),
        VirtualMachineFacts.Cloning cloning => [new(Resource(want), "clone", "under way", "done", [new AwaitClone(want.Id, cloning.Task)])],
        VirtualMachineFacts.Occupied occupied => [Refusal(want, occupied.Guest.ToString(), Why(want, occupied.Guest))],
        VirtualMachineFacts.Hidden =>
        [
            Refusal(want, "a guest that the token may not see",
                $"Grant the token VM.Audit on /vms/{want.Id.VmId} (or on the machine's pool), or choose another vmid for {want.Name}."),
        ],
        VirtualMachineFacts.Present present when Stranger(want, present) is { } stranger => [stranger],
        VirtualMachineFacts.Present present => [.. Attributes(want, present)],
        _ => throw new ArgumentOutOfRangeException(nameof(have), have, null),
    };

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
            .. steps.OfType<AwaitClone>(), .. steps.OfType<CloneVm>(), .. merged, .. steps.OfType<ResizeDisk>(), .. steps.OfType<StartVm>(),
        ];
    }

    /// <summary>What is set as wanted but not yet in force, one sentence each; it needs no change, only a restart.</summary>
    public static IEnumerable<string> Notes(VirtualMachineFacts have) =>
        have is VirtualMachineFacts.Present { Running: true } present
            ? present.Pending.Where(value => VirtualMachineSettings.Manages(value.Key)).Select(value =>
                $"{value.Key} {value.Next ?? "(none)"} takes effect at the next restart; until then it is {value.Current ?? "(default)"}.")
            : [];

    private static IEnumerable<Change> Attributes(VirtualMachine want, VirtualMachineFacts.Present have)
    {
        foreach (var setting in VirtualMachineSettings.Differing(want, have.Config, have.Release))
            yield return Set(want, setting, have.Digest) with { Note = have.Running ? TakesEffect(setting.Key) : null };
        if (VirtualMachineDisk.Change(want, have.Config) is { } disk)
            yield return disk;
        if (!have.Running)
            yield return new(Resource(want), "state", "stopped", "running", [new StartVm(want.Id)]);
    }

    internal static Change Set(VirtualMachine want, Setting setting, string? digest) => new(
        Resource(want), setting.Key, setting.From, setting.To,
        [new ConfigureVm(want.Id, ImmutableSortedDictionary<string, string>.Empty.Add(setting.Key, setting.Wire), digest)]);

    internal static string Resource(VirtualMachine want) => $"vm/{want.Id.VmId}";

    private static string? TakesEffect(string key) => key switch
    {
        "cores" or "memory" or "agent" => "takes effect at the next restart",
        "ipconfig0" or "nameserver" or "searchdomain" or "sshkeys" or "ciuser" or "ciupgrade" => "the guest sees it at its next start",
        "name" => "the guest's host name follows at its next start",
        _ => null,
    };

    /// <summary>A machine is ours by the mark in its description. Where the mark was lost, our tag and the host's name stand for it.</summary>
    private static Change? Stranger(VirtualMachine want, VirtualMachineFacts.Present have)
    {
        var name = have.Config.GetValueOrDefault("name", "");
        var tags = have.Config.GetValueOrDefault("tags", "");
        var marked = VirtualMachine.MarkedFor(have.Config.GetValueOrDefault("description"));
        var tagged = tags.Split([' ', ',', ';']).Contains(VirtualMachine.OwnTag, StringComparer.OrdinalIgnoreCase);
        if (marked == want.Name || (marked is null && tagged && name == want.Name))
            return null;
        var guest = new GuestEntry(want.Id.VmId, "qemu", want.Id.Node, name, tags, false, have.Lock);
        return Refusal(want, guest.ToString(), marked is null
            ? $"It carries no mark `{want.Mark}`, so it belongs to someone else. Choose another vmid for {want.Name}."
            : $"Its mark says that it is the fleet's host {marked}. Give each host a vmid of its own.");
    }

    private static string Why(VirtualMachine want, GuestEntry guest) =>
        guest is { Kind: "qemu", IsTemplate: false }
            ? $"The fleet wants VM {want.Id.VmId} on node {want.Id.Node}. If it is {want.Name}'s, say `node: {guest.Node}` or migrate it; "
                + "else choose another vmid."
            : $"It cannot become a runner host. Choose another vmid for {want.Name}.";

    private static Change Refusal(VirtualMachine want, string found, string why) =>
        new(Resource(want), "vm", found, want.Name, [], Refusal: $"VMID {want.Id.VmId} is taken by {found}. {why}");
}
