using System.Globalization;

namespace Supervisor.Care;

/// <summary>How full the file system below a directory is.</summary>
internal sealed record DiskUse(long TotalBytes, long FreeBytes)
{
    /// <summary>0 to 100; of what is not kept for root, as df shows it.</summary>
    public double UsedPercent => TotalBytes == 0 ? 0 : 100.0 * (TotalBytes - FreeBytes) / TotalBytes;

    public string FreeText => $"{(FreeBytes / (double)(1L << 30)).ToString("0.0", CultureInfo.InvariantCulture)} GiB";

    /// <returns>Null when the directory cannot be looked at.</returns>
    public static DiskUse? Of(string directory)
    {
        try
        {
            var drive = new DriveInfo(directory);
            // df's way: what only root may fill counts neither as used nor as free.
            return new DiskUse(drive.TotalSize - (drive.TotalFreeSpace - drive.AvailableFreeSpace), drive.AvailableFreeSpace);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
