using RunnerBuild.Desired;
using RunnerBuild.Facts;

namespace RunnerBuild.Planning;

/// <summary>The resource pool that a machine is in. A clone is put there as it is made; this is about one that left it.</summary>
internal static class VirtualMachinePool
{
    public static Change? Change(VirtualMachine want, VirtualMachineFacts.Present have)
    {
        if (want.Spec.Pool is not { } pool || have.Pool == pool)
            return null;
        var change = new Change(VirtualMachinePlan.Resource(want), "pool", have.Pool, pool, [new JoinPool(want.Id, pool, have.Pool is not null)]);
        return have.Pool is null || have.Release.MovesBetweenPools
            ? change
            : change with { Steps = [], Refusal = $"Proxmox VE {have.Release} does not move a guest between pools in one call. Take it out of {have.Pool} in the web interface, and run the same again." };
    }
}
