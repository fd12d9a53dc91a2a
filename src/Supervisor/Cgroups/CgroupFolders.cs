using System.Globalization;

namespace Supervisor.Cgroups;

/// <summary>Control groups made by hand, for engines with the driver <c>cgroupfs</c>: one folder on cgroup v2, one in each hierarchy on v1.</summary>
internal static class CgroupFolders
{
    private const string Family = "github-runners";
    private const int PeriodMicroseconds = 100_000;
    private static readonly string[] controllers = ["cpu", "io", "memory", "pids"];

    public static string NameOf(string runner) => $"/{Family}/{runner}";

    public static void Open(string root, string name, GroupLimits limits)
    {
        if (IsUnified(root))
            OpenUnified(root, root + name);
        else
            OpenEach(root, name);
        Limit(root, name, limits);
    }

    /// <summary>Names of the groups below another one, in any hierarchy.</summary>
    public static IReadOnlyList<string> Below(string root, string name) =>
        [.. Of(root, name).SelectMany(Directory.GetDirectories).Select(folder => Path.GetFileName(folder)).Distinct()];

    /// <summary>Runners that have a group here.</summary>
    public static IReadOnlyList<string> Runners(string root) => Below(root, $"/{Family}");

    /// <summary>Sets the limits of a group that is there.</summary>
    public static void Limit(string root, string name, GroupLimits limits)
    {
        if (IsUnified(root))
            LimitUnified(root + name, limits);
        else
            LimitEach(root, name, limits);
    }

    /// <summary>Where a group is, in every hierarchy that has it.</summary>
    /// <param name="name">Path of the group below the root.</param>
    public static IReadOnlyList<string> Of(string root, string name) =>
        [.. (IsUnified(root) ? [root] : Directory.GetDirectories(root).Append(root)).Select(hierarchy => hierarchy + name).Where(Directory.Exists)];

    /// <summary>Removes a group in all hierarchies, with the empty groups that the engine left in it. One that has gone meanwhile is fine.</summary>
    /// <exception cref="IOException">It has processes still.</exception>
    public static void Remove(IEnumerable<string> folders)
    {
        foreach (var folder in folders)
        {
            try
            {
                // cpu and cpuacct are often one hierarchy under two names.
                Remove(Directory.GetDirectories(folder));
                Directory.Delete(folder);
            }
            catch (DirectoryNotFoundException)
            {
                // The engine, systemd or another clean-up was first.
            }
        }
    }

    private static bool IsUnified(string root) => File.Exists($"{root}/cgroup.controllers");

    private static void OpenUnified(string root, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var above in (string[])[root, $"{root}/{Family}"])
        {
            foreach (var controller in controllers.Intersect(File.ReadAllText($"{above}/cgroup.controllers").Split([' ', '\n'])))
                File.WriteAllText($"{above}/cgroup.subtree_control", $"+{controller}");
        }
    }

    private static void LimitUnified(string folder, GroupLimits limits)
    {
        Limit(folder, "memory.max", limits.MemoryBytes);
        Limit(folder, "memory.swap.max", limits.MemoryBytes is null ? null : 0);
        Limit(folder, "pids.max", limits.Pids);
        if (QuotaOf(limits) is { } quota)
            Write(folder, "cpu.max", $"{quota} {PeriodMicroseconds}");
    }

    private static void OpenEach(string root, string name)
    {
        foreach (var controller in (string[])["blkio", "cpu", "cpuacct", "memory", "pids"])
        {
            if (Directory.Exists($"{root}/{controller}"))
                Directory.CreateDirectory($"{root}/{controller}{name}");
        }
    }

    private static void LimitEach(string root, string name, GroupLimits limits)
    {
        Limit($"{root}/memory{name}", "memory.limit_in_bytes", limits.MemoryBytes);
        Limit($"{root}/memory{name}", "memory.memsw.limit_in_bytes", limits.MemoryBytes);
        Limit($"{root}/pids{name}", "pids.max", limits.Pids);
        if (QuotaOf(limits) is { } quota)
        {
            Limit($"{root}/cpu{name}", "cpu.cfs_period_us", PeriodMicroseconds);
            Limit($"{root}/cpu{name}", "cpu.cfs_quota_us", quota);
        }
    }

    private static long? QuotaOf(GroupLimits limits) => limits.Cpus is { } cpus ? (long)(cpus * PeriodMicroseconds) : null;

    private static void Limit(string folder, string file, long? value)
    {
        if (value is not null)
            Write(folder, file, value.Value.ToString(CultureInfo.InvariantCulture));
    }

    // A kernel without swap accounting, or a controller that systemd did not switch on, has no file for it.
    private static void Write(string folder, string file, string value)
    {
        if (File.Exists($"{folder}/{file}"))
            File.WriteAllText($"{folder}/{file}", value);
    }
}
