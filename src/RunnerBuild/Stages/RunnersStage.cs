using System.Collections.Immutable;
using RunnerBuild.Applying;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using RunnerBuild.Remote;
using RunnerBuild.Terminal;

namespace RunnerBuild.Stages;

/// <summary>DeployRunners: the supervisor with its settings and credentials, and every slot serving.</summary>
internal sealed class RunnersStage(ImageStage images, GitHubAccess github, string repository, Report report) : Stage
{
    public override string Name => "DeployRunners";

    public override async Task<ImmutableArray<Change>> PlanAsync(HostSession session, CancellationToken cancel)
    {
        var facts = await session.FactsAsync(cancel);
        var wanted = await WantedAsync(session, facts, cancel);
        var changes = HostPlan.Diff(wanted.Resources, facts, session.Nonce);
        var restarts = changes.Any(change => change.Resource == $"unit/{HostPaths.ServiceUnit}" && change.Field == "state");
        return [.. changes, .. SlotPlan.Diff(wanted, facts.Supervisor, restarts)];
    }

    public override async Task ApplyAsync(HostSession session, ImmutableArray<Change> changes, CancellationToken cancel)
    {
        await github.CheckAsync(session.Host, cancel);
        var machine = await session.MachineAsync(cancel);
        var waits = changes.SelectMany(change => change.Steps).OfType<AwaitSlots>().ToList();
        await HostApplier.ApplyAsync(
            session.Name, machine, changes.Where(change => !change.Steps.OfType<AwaitSlots>().Any()), report, cancel);
        foreach (var wait in waits)
        {
            report.Progress(session.Name, $"{wait}");
            await SlotWait.UntilServingAsync(machine, wait, text => report.Progress(session.Name, text), cancel);
        }
    }

    public async Task<RunnerDeployment> WantedAsync(HostSession session, HostFacts facts, CancellationToken cancel)
    {
        var program = await SupervisorProgram.BuildAsync(
            repository, facts.Architecture == "arm64" ? "arm64" : "x64", line => report.Progress(session.Name, line), cancel);
        var image = session.Host.Pools.All(pool => pool.Image is not null) ? "" : (await images.WantedAsync(facts.Architecture, cancel)).Reference;
        return RunnerDeployment.Of(session.Host, facts, program, image, await github.SecretsAsync(session.Host, cancel));
    }
}
