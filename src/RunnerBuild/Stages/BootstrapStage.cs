using System.Collections.Immutable;
using RunnerBuild.Applying;
using RunnerBuild.Desired;
using RunnerBuild.Planning;
using RunnerBuild.Terminal;

namespace RunnerBuild.Stages;

/// <summary>BootstrapHost: from a bare Linux machine to one with an engine, an account and folders for runners.</summary>
internal sealed class BootstrapStage(Clusters clusters, RunOptions options, Report report) : Stage
{
    public override string Name => "BootstrapHost";

    public override async Task<ImmutableArray<Change>> PlanAsync(HostSession session, CancellationToken cancel)
    {
        var facts = await session.FactsAsync(cancel);
        var changes = HostPlan.Diff(HostBaseline.Of(session.Host, facts), facts, session.Nonce);
        ImmutableArray<Change> refused = [.. HostRequirements.Diff(session.Host, facts, installs: changes.Any(change => change.Resource == "packages"))];
        if (!refused.IsEmpty)
            return refused;
        // Before anything restarts the engine: the earlier unit hangs on it, and stopping that unit ends its runners.
        changes = [.. EarlierPlan.Disarm(facts.Earlier), .. changes];
        return OwnHost.Spare(changes, session.Host, facts, OwnHost.SlotOf(facts, options.Runner), Name);
    }

    public override async Task ApplyAsync(HostSession session, ImmutableArray<Change> changes, CancellationToken cancel)
    {
        if (options.Snapshot && changes.FirstOrDefault(change => change.Resource == "packages") is { } risky)
            await SnapshotAsync(session, risky, cancel);
        await HostApplier.ApplyAsync(session.Name, await session.MachineAsync(cancel), changes, report, cancel);
    }

    private async Task SnapshotAsync(HostSession session, Change risky, CancellationToken cancel)
    {
        if (session.Host.Vm is null)
            report.Note(session.Name, "--snapshot: this host is no virtual machine of the fleet's, so there is no way back");
        else
            await (await clusters.SnapshotsAsync(session.Host, cancel)).TakeAsync($"before BootstrapHost: {risky.To}", report.ProgressOf(session.Name), cancel);
    }

    public override bool BlocksPlanning(ImmutableArray<Change> changes) => changes.Any(change => change.Resource is "packages" or "unit/docker.service");
}
