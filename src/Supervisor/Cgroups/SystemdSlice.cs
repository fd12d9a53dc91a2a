using System.Diagnostics;
using System.Globalization;

namespace Supervisor.Cgroups;

/// <summary>Control groups made by systemd, for engines with the driver <c>systemd</c>: a slice for each job.</summary>
internal static class SystemdSlice
{
    private const string Family = "githubrunners";
    private static readonly TimeSpan deadline = TimeSpan.FromSeconds(10);

    public static bool IsSlice(string parent) => parent.EndsWith(".slice", StringComparison.Ordinal);

    /// <summary>A hyphen in a slice's name means a slice inside another.</summary>
    public static string NameOf(string runner) => $"{Family}-{runner.Replace('-', '_')}.slice";

    public static string PathOf(string slice) => $"/{Family}.slice/{slice}";

    public static async Task<string> OpenAsync(string runner, GroupLimits limits, CancellationToken cancel)
    {
        var slice = NameOf(runner);
        await SystemctlAsync(["start", slice], cancel);
        await SystemctlAsync(["set-property", "--runtime", slice, .. PropertiesOf(limits)], cancel);
        return slice;
    }

    public static async Task CloseAsync(string slice)
    {
        using var limit = new CancellationTokenSource(deadline);
        await SystemctlAsync(["stop", slice], limit.Token);
        // The properties are files of their own, which would stay.
        await SystemctlAsync(["revert", slice], limit.Token);
    }

    private static IEnumerable<string> PropertiesOf(GroupLimits limits)
    {
        string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
        foreach (var accounting in (string[])["CPU", "IO", "Memory", "Tasks"])
            yield return $"{accounting}Accounting=yes";
        if (limits.Cpus is { } cpus)
            yield return $"CPUQuota={Text(Math.Ceiling(cpus * 100))}%";
        if (limits.MemoryBytes is { } memory)
        {
            yield return $"MemoryMax={memory}";
            yield return "MemorySwapMax=0";
        }
        if (limits.Pids is { } pids)
            yield return $"TasksMax={pids}";
    }

    private static async Task SystemctlAsync(IEnumerable<string> arguments, CancellationToken cancel)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("systemctl", arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            var error = process.StandardError.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"systemctl {string.Join(' ', arguments)}: {(await error).Trim()}");
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            throw new InvalidOperationException($"systemctl cannot be run: {fault.Message}", fault);
        }
    }
}
