using Supervisor.Configuration;
using Supervisor.Docker;
using Supervisor.Evidence;
using Supervisor.Systemd;

namespace Supervisor.Cgroups;

/// <summary>
/// A control group for each job, above its container and all that it starts in the host's engine: the pool's limits hold for them
/// together, out of the job's reach, and what they used can still be read when the containers are gone.
/// </summary>
internal sealed class JobGroups(EngineInventory engine, EventLog log)
{
    private const string Root = "/sys/fs/cgroup";
    private string? problem;

    /// <returns>The group's name as Docker Engine wants it; null when this host does not let one be made.</returns>
    public async Task<string?> OpenAsync(string runner, PoolSettings pool, CancellationToken cancel)
    {
        var info = await engine.InfoAsync(cancel);
        var limits = new GroupLimits(pool.Cpus, pool.MemoryBytes, pool.Pids);
        try
        {
            if (info.CgroupDriver != "systemd")
                return Opened(CgroupFolders.Open(Root, runner, limits));
            var slice = await SystemdSlice.OpenAsync(runner, limits, cancel);
            // systemd 256 and later sets limits on cgroup v2 only.
            CgroupFolders.Limit(Root, SystemdSlice.PathOf(slice), limits);
            return Opened(slice);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            Warn($"jobs get no control group of their own, so limits hold for each container alone and nothing is known of what jobs used: {fault.Message}");
            return null;
        }
    }

    /// <summary>What was used in a group whose containers are gone; the group goes too.</summary>
    /// <param name="parent">As <see cref="OpenAsync"/> gave it.</param>
    public async Task<JobUsage?> CloseAsync(string? parent)
    {
        if (parent is null)
            return null;
        try
        {
            var folders = CgroupFolders.Of(Root, SystemdSlice.IsSlice(parent) ? SystemdSlice.PathOf(parent) : parent);
            var usage = GroupUsage.Read(folders);
            if (SystemdSlice.IsSlice(parent))
                await SystemdSlice.CloseAsync(parent);
            CgroupFolders.Remove(folders);
            return usage;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            Warn($"the control group {parent} stays behind: {fault.Message}");
            return null;
        }
    }

    private string Opened(string name)
    {
        problem = null;
        return name;
    }

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
