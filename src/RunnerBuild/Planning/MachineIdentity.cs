using System.Collections.Immutable;
using RunnerBuild.Desired;
using RunnerBuild.Facts;

namespace RunnerBuild.Planning;

/// <summary>Whether the machine that answers at the address is the virtual machine that Proxmox runs: both know its UUID.</summary>
internal static class MachineIdentity
{
    /// <returns>Null: it is, or Proxmox gives this one no UUID.</returns>
    public static Change? Diff(VirtualMachine want, ImmutableSortedDictionary<string, string> config, HostFacts facts)
    {
        var given = PropertyString.Parse(config.GetValueOrDefault("smbios1"), "uuid")["uuid"];
        if (given is null || given.Equals(facts.Uuid, StringComparison.OrdinalIgnoreCase))
            return null;
        var seen = facts.Uuid.Length > 0 ? facts.Uuid.ToLowerInvariant() : $"no UUID ({(facts.Virtualization.Length > 0 ? facts.Virtualization : "unknown kind of machine")})";
        return new(VirtualMachinePlan.Resource(want), "identity", seen, given.ToLowerInvariant(), [],
            Refusal: $"What answers at the address of {want.Name} is not {want.Id}: its DMI says {seen}, Proxmox says {given.ToLowerInvariant()}. Two machines may share the address: "
                + $"compare `cat /sys/class/dmi/id/product_uuid` there with `qm config {want.Id.VmId} | grep smbios1` on {want.Id.Node}, and give one of them another address.");
    }
}
