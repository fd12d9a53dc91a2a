using System.Collections.Immutable;
using RunnerBuild.Desired;
using RunnerBuild.Facts;

namespace RunnerBuild.Diagnosing;

/// <summary>Whether the storage that a machine's disk is on, or will be, takes it.</summary>
internal static class StorageFinding
{
    private const string Subject = "storage";

    /// <param name="name">Null: not known, because the template is not.</param>
    /// <param name="seen">Those that the login may see on the node.</param>
    public static Finding Of(VirtualMachine want, VirtualMachineFacts have, string? name, ImmutableArray<StorageState> seen)
    {
        var (where, node) = (want.Name, want.Id.Node);
        if (name is null)
            return new(where, Subject, Health.Notable, "not known before the template is");
        if (seen.FirstOrDefault(storage => storage.Name == name) is not { } state)
            return Finding.Bad(where, Subject, $"{node} has no storage {name} that the login may see, only {string.Join(", ", seen.Select(storage => storage.Name).DefaultIfEmpty("none"))}",
                $"Correct `storage` of {where}, or grant Datastore.Audit on /storage/{name}.");
        if (!state.Active)
            return Finding.Bad(where, Subject, $"{name} is not active on {node}", $"pvesm status --storage {name}");
        if (!state.Content.Contains("images"))
            return Finding.Bad(where, Subject, $"{name} does not hold disk images", $"pvesm set {name} --content {string.Join(',', state.Content.Append("images"))}");
        var needed = have is VirtualMachineFacts.Absent ? (long)want.Spec.DiskGiB << 30 : 0;
        return state.Available >= needed
            ? Finding.Good(where, Subject, $"{name} has {state.Available >> 30} GiB free")
            : Finding.Bad(where, Subject, $"{name} has {state.Available >> 30} GiB free, the disk may grow to {want.Spec.DiskGiB}",
                $"Free space on {name}, or name another `storage` for {where}; thin storage may be overcommitted, and then stops all its machines when it is full.");
    }
}
