using System.Globalization;
using Lab.Proxmox.Machines;
using Lab.Proxmox.Schema;
using Lab.Proxmox.State;
using Lab.Proxmox.Wire;

namespace Lab.Proxmox.Calls;

/// <summary>What a disk key becomes when it is written: a new volume, the cloud-init drive, or a volume that is there already, whose size no text changes.</summary>
internal static class DiskUpdate
{
    /// <summary>Of every image, since none is really there.</summary>
    private const long ImportedSize = 3L << 30;

    private const long CloudInitSize = 4L << 20;

    /// <param name="others">Disks that the same update writes.</param>
    public static string Stored(Guest guest, string value, IEnumerable<string> others, Site site)
    {
        var drive = Drive.Parse(value);
        if (drive.File is "none" or "cdrom" || drive.File.Contains(":iso/", StringComparison.Ordinal))
            return drive.ToString();
        var storage = NodeCalls.Find(drive.Storage, site);
        var volume = drive.File[(drive.Storage.Length + 1)..];
        if (volume == "cloudinit")
            return CloudInitDrive(storage, guest.VmId).ToString();
        if (drive.Options.ContainsKey("import-from"))
            return (drive with { File = storage.VolumeId(guest.VmId, FreeName(guest, others)), Options = drive.Options.Remove("import-from") })
                .WithSize(ImportedSize)
                .ToString();
        if (decimal.TryParse(volume, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var gibibytes))
            return (drive with { File = storage.VolumeId(guest.VmId, FreeName(guest, others)) })
                .WithSize((long)(gibibytes * (1L << 30)))
                .ToString();
        var known =
            Drives(guest).FirstOrDefault(other => other.File == drive.File)
            ?? throw ApiException.Internal($"volume '{drive.File}' does not exist");
        return known.Size is { } size ? drive.WithSize(size).ToString() : drive.ToString();
    }

    public static Drive CloudInitDrive(Storage storage, int vmId) =>
        Drive.Parse($"{storage.VolumeId(vmId, $"vm-{vmId}-cloudinit")},media=cdrom").WithSize(CloudInitSize);

    private static IEnumerable<Drive> Drives(Guest guest) =>
        guest
            .Config.Concat(guest.Pending)
            .Where(entry => DiskParameters.IsDisk(entry.Key) || entry.Key.StartsWith("unused", StringComparison.Ordinal))
            .Select(entry => Drive.Parse(entry.Value));

    private static string FreeName(Guest guest, IEnumerable<string> others) =>
        Enumerable
            .Range(0, int.MaxValue)
            .Select(index => $"vm-{guest.VmId}-disk-{index}")
            .First(name =>
                !Drives(guest).Concat(others.Select(Drive.Parse)).Any(drive => drive.File.Contains(name, StringComparison.Ordinal))
            );
}
