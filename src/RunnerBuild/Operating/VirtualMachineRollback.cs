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
            await EndRunnersAsync(site, session, cancel);
            await (await site.Clusters.SnapshotsAsync(session.Host, cancel)).RollBackAsync(snapshot, site.Report.ProgressOf(session.Name), cancel);
            site.Report.Good(session.Name, $"as it was at {snapshot.Taken:yyyy-MM-dd HH:mm} UTC; the snapshot stays");
            return snapshot;
        });
        return $"{done.Count} rolled back";
    }

    private static async Task EndRunnersAsync(Site site, HostSession session, CancellationToken cancel)
    {
        void Tell(string text) => site.Report.Progress(session.Name, text);
        try
        {
            Spare(session, OwnHost.SlotOf(await session.FactsAsync(cancel), site.Options.Runner));
            await RunnersEnd.WaitAsync(await session.MachineAsync(cancel), site.Options.Timeout, Tell, cancel);
            await session.DisconnectAsync();
        }
        catch (HostUnreachableException silent)
        {
            // What broke a machine is what a rollback is to undo.
            Tell($"{silent.What} Its jobs are known to GitHub alone.");
            var registrations = new Registrations(session.Host, site.GitHub);
            Spare(session, (await registrations.NamesAsync(cancel)).Values.SelectMany(names => names).FirstOrDefault(name => name == site.Options.Runner));
            await JobsAtGitHub.WaitAsync(registrations, session.Host.Ssh.Address, site.Options.Timeout, Tell, cancel);
        }
    }

    private static void Spare(HostSession session, string? own)
    {
        if (own is not null)
            throw new RunnerBuildException($"{session.Name} is not rolled back.", "It would end this run.", OwnHost.Refusal("a rollback would end it", session.Host, own, "RollbackVm"));
    }

    private static async Task<Snapshot> NewestAsync(Site site, HostSession session, CancellationToken cancel)
    {
        if (session.Host.Vm is null)
            throw new RunnerBuildException($"{session.Name} is no virtual machine of the fleet's.", "So it has no snapshots.", "Name others with --limit.");
        return await (await site.Clusters.SnapshotsAsync(session.Host, cancel)).NewestAsync(cancel)
            ?? throw new RunnerBuildException($"{session.Name} has no snapshot of this program's.", "They are taken with `BootstrapHost --snapshot`.", "Roll back by hand in Proxmox's web interface, where there is another one.");
    }
}
