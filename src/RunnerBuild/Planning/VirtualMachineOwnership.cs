using RunnerBuild.Desired;
using RunnerBuild.Facts;

namespace RunnerBuild.Planning;

/// <summary>Whose a virtual machine is. Identity comes before anything else: what is not ours is never written to.</summary>
internal static class VirtualMachineOwnership
{
    /// <summary>By the mark in its description. Where the mark was lost, our tag and the host's name stand for it.</summary>
    public static bool IsOurs(VirtualMachine want, VirtualMachineFacts.Present have)
    {
        var marked = Mark(have);
        return marked == want.Name || (marked is null && IsTagged(have) && have.Config.GetValueOrDefault("name") == want.Name);
    }

    /// <summary>The refusal to touch somebody else's machine, or null when it is ours or may become so.</summary>
    public static Change? Refusal(VirtualMachine want, VirtualMachineFacts.Present have, bool adopt)
    {
        if (adopt || IsOurs(want, have))
            return null;
        var found = new GuestEntry(
            want.Id.VmId, "qemu", want.Id.Node, have.Config.GetValueOrDefault("name", ""), have.Config.GetValueOrDefault("tags", ""), false, have.Lock);
        var how = $"Choose another vmid for {want.Name}; or, if it is to become {want.Name}, run `CreateVm --adopt --limit {want.Name}`.";
        return Taken(want, $"{found}", Mark(have) is { } other
            ? $"Its mark says that it is the fleet's host {other}. Give each host a vmid of its own. {how}"
            : $"It carries no mark `{want.Mark}`, so it belongs to someone else. {how}");
    }

    /// <summary>For a guest that can never become this host, whoever agrees.</summary>
    public static Change Refusal(VirtualMachine want, GuestEntry guest) => Taken(want, $"{guest}", guest is { Kind: "qemu", IsTemplate: false }
        ? $"The fleet wants VM {want.Id.VmId} on node {want.Id.Node}. If it is {want.Name}'s, say `node: {guest.Node}` or migrate it; "
            + "else choose another vmid."
        : $"It cannot become a runner host. Choose another vmid for {want.Name}.");

    public static Change Taken(VirtualMachine want, string found, string why) =>
        new(VirtualMachinePlan.Resource(want), "vm", found, want.Name, [], Refusal: $"VMID {want.Id.VmId} is taken by {found}. {why}");

    private static string? Mark(VirtualMachineFacts.Present have) => VirtualMachine.MarkedFor(have.Config.GetValueOrDefault("description"));

    private static bool IsTagged(VirtualMachineFacts.Present have) =>
        have.Config.GetValueOrDefault("tags", "").Split([' ', ',', ';']).Contains(VirtualMachine.OwnTag, StringComparer.OrdinalIgnoreCase);
}
