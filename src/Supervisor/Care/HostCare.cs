using Supervisor.Configuration;
using Supervisor.Docker;
using Supervisor.Systemd;

namespace Supervisor.Care;

/// <summary>Looks after the disk that Docker works on, and says what of the host itself speaks against another runner.</summary>
internal sealed class HostCare(DockerEngine engine, EventLog log)
{
    private static readonly TimeSpan look = TimeSpan.FromSeconds(10);
    // The machine may be given more memory, and the engine another disk.
    private static readonly TimeSpan fresh = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan pruneAgain = TimeSpan.FromMinutes(10);
    // Below the limit by this much, so that a disk at the limit does not park and serve in turns; percent.
    private const double Relief = 2;
    private readonly EngineInventory inventory = new(engine.Connection);
    private EngineInfo? info;
    private DiskUse? disk;
    private DateTimeOffset due;
    private DateTimeOffset infoDue;
    private DateTimeOffset pruneDue;
    private Task pruning = Task.CompletedTask;

    /// <summary>Why no slot takes a job now; null when the disk has room.</summary>
    public string? DiskProblem { get; private set; }

    /// <summary>What pools may reserve together.</summary>
    public Share BudgetOf(CareSettings settings) =>
        new(settings.MemoryBytes ?? info?.MemTotal ?? long.MaxValue, settings.Cpus ?? info?.Ncpu ?? double.MaxValue);

    /// <summary>To be called each tick; it looks once in a while, and at once when the settings changed.</summary>
    /// <param name="jobsSince">Since when jobs have been using this host's engine; null: none does.</param>
    public async Task LookAsync(SupervisorSettings host, DateTimeOffset? jobsSince, DateTimeOffset now, CancellationToken cancel)
    {
        if (now < due)
            return;
        var settings = host.Care;
        if (info is null || now >= infoDue)
        {
            info = await inventory.InfoAsync(cancel);
            infoDue = now + fresh;
        }
        disk = DiskUse.Of(info.DockerRootDir);
        due = now + look;
        Judge(settings);
        if (disk is null || disk.UsedPercent < settings.DiskWarnPercent || now < pruneDue || !pruning.IsCompleted)
            return;
        pruneDue = now + pruneAgain;
        log.Warning("disk", $"{disk.UsedPercent:0} % of Docker's disk are in use, {disk.FreeText} are free: what nobody needs is removed from Docker");
        pruning = PruneAsync(jobsSince, imagesToo: jobsSince is null && !host.Pools.Any(pool => pool.Image.Contains('@')), now);
    }

    /// <summary>The next tick looks again.</summary>
    public void LookSoon() => due = infoDue = pruneDue = default;

    private void Judge(CareSettings settings)
    {
        var limit = settings.DiskParkPercent - (DiskProblem is null ? 0 : Relief);
        DiskProblem = disk is not null && disk.UsedPercent >= limit
            ? $"{disk.UsedPercent:0} % of the disk that Docker works on are in use, {disk.FreeText} are free; slots serve again below {settings.DiskParkPercent - Relief:0} %: make room in {info!.DockerRootDir}."
            : null;
    }

    // Neither containers nor volumes nor tagged images: those may be somebody's, or a slot's next start. Nor what a job may have made for a later
    // step: an untagged image tells when it was built, not when it came, so with such jobs all images stay. So they do where a pool names its
    // image by digest alone: the engine takes that for an image without a name, and would remove it.
    private async Task PruneAsync(DateTimeOffset? jobsSince, bool imagesToo, DateTimeOffset now)
    {
        try
        {
            var freed = await engine.PruneBuildCacheAsync(now - (jobsSince ?? now), CancellationToken.None);
            if (imagesToo)
                freed += await engine.PruneImagesAsync(now, CancellationToken.None);
            log.Information("disk", $"{freed / (1 << 20)} MiB of untagged images and build cache were removed from Docker");
        }
        catch (DockerFault fault)
        {
            log.Warning("disk", $"Docker could not be pruned: {fault.Message}");
        }
    }
}
