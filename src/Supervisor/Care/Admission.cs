using System.Globalization;

namespace Supervisor.Care;

/// <summary>What a pool sets aside for each of its runners, or what a host has for all of them.</summary>
/// <param name="Cpus">Cores.</param>
internal readonly record struct Share(long MemoryBytes, double Cpus)
{
    public static Share operator +(Share left, Share right) => new(left.MemoryBytes + right.MemoryBytes, left.Cpus + right.Cpus);
}

/// <summary>Whether one more runner fits into the host, by what pools reserve; pools that reserve nothing always fit.</summary>
internal static class Admission
{
    /// <param name="taken">Of all runners that there are, with or without a job: an idle one may take its job at any time.</param>
    /// <returns>Null when it fits, else the sentence why not.</returns>
    public static string? ReasonAgainst(Share wanted, Share taken, Share host)
    {
        if (wanted.MemoryBytes > 0 && taken.MemoryBytes + wanted.MemoryBytes > host.MemoryBytes)
            return $"The pool reserves {GiB(wanted.MemoryBytes)} of memory for a runner; {GiB(Math.Max(0, host.MemoryBytes - taken.MemoryBytes))} of the host's {GiB(host.MemoryBytes)} are free of reservations.";
        if (wanted.Cpus > 0 && taken.Cpus + wanted.Cpus > host.Cpus)
            return $"The pool reserves {Cores(wanted.Cpus)} for a runner; {Cores(Math.Max(0, host.Cpus - taken.Cpus))} of the host's {Cores(host.Cpus)} are free of reservations.";
        return null;
    }

    private static string GiB(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.##} GiB");

    private static string Cores(double cpus) => string.Create(CultureInfo.InvariantCulture, $"{cpus:0.##} cores");
}
