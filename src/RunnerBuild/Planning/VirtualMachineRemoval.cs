using System.Collections.Immutable;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;

namespace RunnerBuild.Planning;

/// <summary>Ends the runners of a machine that is to go.</summary>
internal sealed record EndRunners(string Host) : Step
{
    protected override string Text => $"stop the runners of {Host}, and wait until running jobs have ended";
}

/// <summary>
/// From a host's virtual machine to none. What serves ends first and the disks go last, so that a run which was broken off is gone on with by
/// the next; only a machine that carries the host's mark is touched.
/// </summary>
internal static class VirtualMachineRemoval
{
    /// <param name="registered">Names that GitHub has of this host's runners, by scope.</param>
    public static IReadOnlyList<Change> Diff(VirtualMachine want, VirtualMachineFacts have, IReadOnlyDictionary<GitHubScope, ImmutableArray<string>> registered) => have switch
    {
        VirtualMachineFacts.Absent => [.. Registrations(registered)],
        VirtualMachineFacts.Cloning cloning => [new(VirtualMachinePlan.Resource(want), "clone", "under way", "done", [new AwaitClone(want.Id, cloning.Task)])],
        VirtualMachineFacts.Present present => Present(want, present, registered),
        VirtualMachineFacts.Occupied { Guest: var guest } => [VirtualMachineOwnership.Refusal(want, guest)],
        _ => [VirtualMachineOwnership.Taken(want, "a guest that the token may not see", $"Grant the token VM.Audit on /vms/{want.Id.VmId}.")],
    };

    private static IReadOnlyList<Change> Present(
        VirtualMachine want, VirtualMachineFacts.Present have, IReadOnlyDictionary<GitHubScope, ImmutableArray<string>> registered)
    {
        var resource = VirtualMachinePlan.Resource(want);
        if (!VirtualMachineOwnership.IsOurs(want, have))
            return [VirtualMachineOwnership.Refusal(want, have, adopt: false)!];
        if (have.Config.GetValueOrDefault("protection") == "1")
            return
            [
                new(resource, "protection", "on", "off", [],
                    Refusal: $"{want.Id} is protected. Say `protection: false` for {want.Name} in the fleet and run CreateVm; then run DestroyVm again."),
            ];
        ImmutableArray<Change> running = have.Running
            ? [new(resource, "runners", "serving", null, [new EndRunners(want.Name)]), new(resource, "state", "running", null, [new ShutDownVm(want.Id)])]
            : [];
        return [.. running.Take(1), .. Registrations(registered), .. running.Skip(1), new(resource, "vm", $"{want.Name} with its disks", null, [new DeleteVm(want.Id)])];
    }

    private static IEnumerable<Change> Registrations(IReadOnlyDictionary<GitHubScope, ImmutableArray<string>> registered) =>
        registered.Where(entry => !entry.Value.IsEmpty)
            .Select(entry => new Change($"registrations/{entry.Key.Path}", "runners", string.Join(' ', entry.Value), null, [new DeleteRegistrations(entry.Key)]));
}
