using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Supervisor.Cgroups;

/// <summary>Control groups made by systemd, for engines with the driver <c>systemd</c>: a slice for each job. Any trouble is an <see cref="InvalidOperationException"/>.</summary>
internal sealed class SystemdSlices(string systemctl = "systemctl", string busctl = "busctl")
{
    private const string Family = "githubrunners";
    private const string Suffix = ".slice";

    private static readonly string[] StartTransientUnit =
        ["call", "--quiet", "org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager", "StartTransientUnit"];

    private static readonly string[] Accounted = ["CPU", "IO", "Memory", "Tasks"];

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
            // A unit that is no file: it goes with its limits when it is stopped. Properties that are set on an existing one are files, and
            // with those taken back systemd says of all units of the host that they are to be read anew.
            await RunAsync(busctl, [.. StartTransientUnit, "ssa(sv)a(sa(sv))", slice, "fail", .. PropertiesOf(slice, limits), "0"], cancel);
            await RunAsync(systemctl, ["start", slice], cancel);
            // systemd 256 and later sets limits on cgroup v2 only.
            CgroupFolders.Limit(root, PathOf(slice), limits);
        }
        catch
        {
            await CloseAsync(slice);
            throw;
        }
    }

    public Task CloseAsync(string slice) => RunAsync(systemctl, ["stop", slice], CancellationToken.None);

    /// <summary>As busctl takes them: how many, then name, type and value of each. Times per second of processor time are in microseconds.</summary>
    private static IEnumerable<string> PropertiesOf(string slice, GroupLimits limits)
    {
        List<string[]> all = [["Description", "s", $"Job of {slice}"], .. Accounted.Select(kind => (string[])[$"{kind}Accounting", "b", "true"])];
        void Add(string name, long? value)
        {
            if (value is { } number)
                all.Add([name, "t", number.ToString(CultureInfo.InvariantCulture)]);
        }

        Add("CPUQuotaPerSecUSec", limits.Cpus is { } cpus ? (long)Math.Ceiling(cpus * 1_000_000) : null);
        Add("MemoryMax", limits.MemoryBytes);
        Add("MemorySwapMax", limits.MemoryBytes is null ? null : 0);
        Add("TasksMax", limits.Pids);
        return [all.Count.ToString(CultureInfo.InvariantCulture), .. all.SelectMany(property => property)];
    }

    private async Task RunAsync(string program, string[] arguments, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Deadline);
        var call = $"{program} {string.Join(' ', arguments)}";
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
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
            throw new InvalidOperationException($"{program} cannot be run: {fault.Message}", fault);
        }
    }
}
