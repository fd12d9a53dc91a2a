using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Planning;

namespace RunnerBuild.Diagnosing;

/// <summary>Whether a VMID is free or the host's own.</summary>
internal static class NumberFinding
{
    private const string Subject = "VMID";

    public static Finding Of(VirtualMachine want, VirtualMachineFacts have) =>
        VirtualMachinePlan.Diff(want, have).FirstOrDefault(change => change.Field == "vm" && change.Refusal is not null) is { Refusal: { } refusal } && have is not VirtualMachineFacts.Absent
            ? Finding.Bad(want.Name, Subject, $"{want.Id.VmId} is somebody else's", refusal)
            : Finding.Good(want.Name, Subject, have is VirtualMachineFacts.Absent ? $"{want.Id.VmId} is free" : $"{want.Id.VmId} is {want.Name}'s");
}
