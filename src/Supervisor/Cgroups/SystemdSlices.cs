using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Supervisor.Cgroups;

/// <summary>Control groups made by systemd, for engines with the driver <c>systemd</c>: a slice for each job. Any trouble is an <see cref="InvalidOperationException"/>.</summary>
internal sealed class SystemdSlices(string systemctl = "systemctl")
{
    private const string Family = "githubrunners";
    private const string Suffix = ".slice";

    /// <summary>For one call; systemd that does not answer must not hold a slot up.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(10);

    public static bool IsSlice(string parent) => parent.EndsWith(Suffix, StringComparison.Ordinal);

    /// <summary>A hyphen in a slice's name means a slice inside another.</summary>
    public static string NameOf(string runner) => $"{Family}-{runner.Replace('-', '_')}{Suffix}";

    public static string PathOf(string slice) => $"/{Family}{Suffix}/{slice}";

    /// <summary>Runners that have a slice, their names with all hyphens as underscores.</summary>
    public static IEnumerable<string> Runners(string root) =>
        CgroupFolders.Below(root, $"/{Family}{Suffix}").Where(name => name.StartsWith($"{Family}-", StringComparison.Ordinal) && IsSlice(name))
            .Select(name => name[(Family.Length + 1)..^Suffix.Length]);

    /// <param name="root">Where the control groups are.</param>
    public async Task OpenAsync(string root, string slice, GroupLimits limits, CancellationToken cancel)
    {
        try
        {
            await RunAsync(["start", slice], cancel);
            await RunAsync(["set-property", "--runtime", slice, .. PropertiesOf(limits)], cancel);
            // systemd 256 and later sets limits on cgroup v2 only.
            CgroupFolders.Limit(root, PathOf(slice), limits);
        }
        catch
        {
            await CloseAsync(slice);
            throw;
        }
    }

    public async Task CloseAsync(string slice)
    {
        await RunAsync(["stop", slice], CancellationToken.None);
        // The properties are files of their own, which would stay. systemd forgets a stopped unit by itself: no reload, which would read all units of the host anew for each job.
        await RunAsync(["--no-reload", "revert", slice], CancellationToken.None);
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

    private async Task RunAsync(string[] arguments, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Deadline);
        var call = $"{systemctl} {string.Join(' ', arguments)}";
        try
        {
            using var process = Process.Start(new ProcessStartInfo(systemctl, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            try
            {
                var words = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
                await process.WaitForExitAsync(limit.Token);
                if (process.ExitCode != 0)
                    throw new InvalidOperationException($"{call}: {words[1].Trim()}");
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new InvalidOperationException($"{call} did not end within {Deadline.TotalSeconds:0} s");
        }
        catch (Win32Exception fault)
        {
            throw new InvalidOperationException($"{systemctl} cannot be run: {fault.Message}", fault);
        }
    }
}
