using System.Collections.Immutable;
using RunnerBuild.Desired;

namespace RunnerBuild.Planning;

/// <summary>The boot disk's size: grown to what the fleet says, never shrunk.</summary>
internal static class VirtualMachineDisk
{
    public static Change? Change(VirtualMachine want, ImmutableSortedDictionary<string, string> have)
    {
        var resource = VirtualMachinePlan.Resource(want);
        var (disk, wanted) = (want.Spec.DiskName, $"{want.Spec.DiskGiB}G");
        var size = have.TryGetValue(disk, out var volume) ? PropertyString.Parse(volume, "file")["size"] : null;
        if (DiskSize.Bytes(size) is not { } bytes)
            return new(resource, disk, volume is null ? null : "a disk without a size", wanted, [],
                Refusal: $"The machine has no disk {disk} to resize; it has {Disks(have)}. "
                    + "Name the boot disk in the fleet (`diskName`), or clone another template.");
        if (bytes > want.Spec.DiskGiB * DiskSize.GiB)
            return new(resource, disk, size, wanted, [], Note: "cannot shrink",
                Refusal: $"A disk cannot shrink. Say at least {Math.Ceiling(bytes / DiskSize.GiB)} GiB for {want.Name}, or make the machine anew.");
        return bytes == want.Spec.DiskGiB * DiskSize.GiB
            ? null
            : new(resource, disk, size, wanted, [new ResizeDisk(want.Id, disk, want.Spec.DiskGiB)], Note: "the guest's file system follows at its next boot");
    }

    private static string Disks(ImmutableSortedDictionary<string, string> have)
    {
        var disks = have.Where(pair => PropertyString.Parse(pair.Value, "file")["size"] is not null
                && !pair.Value.Contains("media=cdrom", StringComparison.Ordinal) && !pair.Key.StartsWith("efidisk", StringComparison.Ordinal))
            .Select(pair => pair.Key).ToArray();
        return disks.Length == 0 ? "none" : string.Join(", ", disks);
    }
}
