using System.Globalization;

namespace RunnerBuild.Planning;

/// <summary>A size as Proxmox writes it: a number and K, M, G or T, in powers of 1024; bytes without a unit.</summary>
internal static class DiskSize
{
    public const decimal GiB = 1024m * 1024 * 1024;

    /// <summary>Bytes, or null for what is no size.</summary>
    public static decimal? Bytes(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        var unit = "KMGT".IndexOf(char.ToUpperInvariant(text[^1]), StringComparison.Ordinal) + 1;
        var digits = unit == 0 ? text : text[..^1];
        if (!decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return null;
        for (; unit > 0; unit--)
            number *= 1024;
        return number;
    }
}
