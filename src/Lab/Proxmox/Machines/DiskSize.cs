using System.Globalization;

namespace Lab.Proxmox.Machines;

/// <summary>Sizes of disks, in bytes, as `34G` with K, M, G and T of 1024.</summary>
internal static class DiskSize
{
    private const string Units = "KMGT";

    public static long Parse(string text)
    {
        var unit = Units.IndexOf(text[^1], StringComparison.Ordinal);
        var number = decimal.Parse(unit < 0 ? text : text[..^1], CultureInfo.InvariantCulture);
        return (long)(number * (1L << (10 * (unit + 1))));
    }

    /// <summary>The largest unit that leaves no remainder.</summary>
    public static string Write(long bytes)
    {
        var unit = -1;
        while (unit < Units.Length - 1 && bytes > 0 && bytes % 1024 == 0)
        {
            bytes /= 1024;
            unit++;
        }
        return bytes.ToString(CultureInfo.InvariantCulture) + (unit < 0 ? "" : Units[unit]);
    }
}
