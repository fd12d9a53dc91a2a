using RunnerBuild.Applying;
using RunnerBuild.Facts;
using RunnerBuild.Planning;

namespace RunnerBuild.Operating;

/// <summary>RollbackVm: back to the snapshot that was taken before a risky change. All that the machine wrote since then is lost.</summary>
internal static class VirtualMachineRollback
{
    /// <summary>What each host would go back to, a line each, for the question before it.</summary>
    public static async Task<IReadOnlyList<string>> PreviewAsync(Site site, CancellationToken cancel) =>
        [.. await site.EachAsync(async session =>
        {
            var snapshot = await NewestAsync(site, session, cancel);
            var line = $"~ vm/{session.Host.Vm!.VmId}  disks and configuration  now -> {snapshot.Taken:yyyy-MM-dd HH:mm} UTC  ({snapshot.Reason})";
            site.Report.Note(session.Name, line);
            return line;
        })];

    /// <returns>What was done, for the summary.</returns>
    public static async Task<string> RunAsync(Site site, CancellationToken cancel)
    {
        var done = await site.EachAsync(async session =>
        {
            var snapshot = await NewestAsync(site, session, cancel);
            if (OwnHost.SlotOf(await session.FactsAsync(cancel), site.Options.Runner) is { } own)
                throw new RunnerBuildException($"{session.Name} is not rolled back.", "It would end this run.", OwnHost.Refusal("a rollback would end it", session.Host, own, "RollbackVm"));
            await RunnersEnd.WaitAsync(await session.MachineAsync(cancel), site.Options.Timeout, text => site.Report.Progress(session.Name, text), cancel);
            await session.DisconnectAsync();
            await (await site.Clusters.SnapshotsAsync(session.Host, cancel)).RollBackAsync(snapshot, site.Report.ProgressOf(session.Name), cancel);
            site.Report.Good(session.Name, $"as it was at {snapshot.Taken:yyyy-MM-dd HH:mm} UTC; the snapshot stays");
            return snapshot;
        });
        return $"{done.Count} rolled back";
    }

    private static async Task<Snapshot> NewestAsync(Site site, HostSession session, CancellationToken cancel)
    {
        if (session.Host.Vm is null)
            throw new RunnerBuildException($"{session.Name} is no virtual machine of the fleet's.", "So it has no snapshots.", "Name others with --limit.");
        return await (await site.Clusters.SnapshotsAsync(session.Host, cancel)).NewestAsync(cancel)
            ?? throw new RunnerBuildException($"{session.Name} has no snapshot of this program's.", "They are taken with `BootstrapHost --snapshot`.", "Roll back by hand in Proxmox's web interface, where there is another one.");
    }
}
