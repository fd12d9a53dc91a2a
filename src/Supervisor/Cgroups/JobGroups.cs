using System.Collections.Concurrent;
using Supervisor.Configuration;
using Supervisor.Docker;
using Supervisor.Evidence;
using Supervisor.Slots;
using Supervisor.Systemd;

namespace Supervisor.Cgroups;

/// <summary>
/// A control group for each job, above its container and all that it starts in the host's engine: the pool's limits hold for them
/// together, out of the job's reach, and what they used can still be read when the containers are gone.
/// </summary>
internal sealed class JobGroups(EngineInventory engine, string host, SystemdSlices slices, EventLog log)
{
    private const string Root = "/sys/fs/cgroup";
    // Opened here and not closed yet: their containers may be still to come, or just gone.
    private readonly ConcurrentDictionary<string, bool> held = new();
    private string? problem;

    /// <param name="alive">Runners of this host that have a container.</param>
    /// <returns>The group's name as Docker Engine wants it; null when this host does not let one be made.</returns>
    public async Task<string?> OpenAsync(string runner, PoolSettings pool, IReadOnlySet<string> alive, CancellationToken cancel)
    {
        var info = await engine.InfoAsync(cancel);
        var limits = new GroupLimits(pool.Cpus, pool.MemoryBytes, pool.Pids);
        await SweepAsync(alive);
        var name = info.CgroupDriver == "systemd" ? SystemdSlices.NameOf(runner) : CgroupFolders.NameOf(runner);
        held[name] = true;
        try
        {
            if (SystemdSlices.IsSlice(name))
                await slices.OpenAsync(Root, name, limits, cancel);
            else
                CgroupFolders.Open(Root, name, limits);
            problem = null;
            return name;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            held.TryRemove(name, out _);
            Warn($"jobs get no control group of their own, so limits hold for each container alone and nothing is known of what jobs used: {fault.Message}");
            return null;
        }
    }

    /// <summary>What was used in a group so far.</summary>
    public static JobUsage? Read(string? parent)
    {
        try
        {
            return parent is null ? null : GroupUsage.Read(FoldersOf(parent));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // It has just gone, with all that it could have told.
            return null;
        }
    }

    /// <summary>What was used in a group whose containers are gone; the group goes too.</summary>
    /// <param name="parent">As <see cref="OpenAsync"/> gave it.</param>
    public async Task<JobUsage?> CloseAsync(string? parent)
    {
        if (parent is null)
            return null;
        var usage = Read(parent);
        try
        {
            await RemoveAsync(parent);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            Warn($"the control group {parent} stays until a next job begins: {fault.Message}");
        }
        held.TryRemove(parent, out _);
        return usage;
    }

    // Of runners whose containers vanished without this program.
    private async Task SweepAsync(IReadOnlySet<string> alive)
    {
        var groups = CgroupFolders.Runners(Root).Where(runner => RunnerName.IsOf(host, runner) && !alive.Contains(runner)).Select(CgroupFolders.NameOf);
        // In a slice's name, a hyphen and an underscore look the same.
        var named = alive.Select(SystemdSlices.NameOf).ToHashSet();
        var ended = SystemdSlices.Runners(Root).Where(runner => RunnerName.IsOf(host.Replace('_', '-'), runner.Replace('_', '-'))).Select(SystemdSlices.NameOf).Where(slice => !named.Contains(slice));
        foreach (var group in groups.Concat(ended).Where(group => !held.ContainsKey(group)).ToList())
        {
            try
            {
                await RemoveAsync(group);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidOperationException)
            {
                // Something of an ended job still runs in it: the next job's beginning tries again.
            }
        }
    }

    private async Task RemoveAsync(string parent)
    {
        if (SystemdSlices.IsSlice(parent))
            await slices.CloseAsync(parent);
        CgroupFolders.Remove(FoldersOf(parent));
    }

    private static IReadOnlyList<string> FoldersOf(string parent) => CgroupFolders.Of(Root, SystemdSlices.IsSlice(parent) ? SystemdSlices.PathOf(parent) : parent);

    // Once, not for every job.
    private void Warn(string text)
    {
        if (problem == text)
            return;
        problem = text;
        log.Warning("service", text);
    }
}

/// <param name="Cpus">Null: no limit; the others too.</param>
internal sealed record GroupLimits(double? Cpus, long? MemoryBytes, int? Pids);
