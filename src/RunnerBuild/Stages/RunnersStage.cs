using System.Collections.Concurrent;
using System.Collections.Immutable;
using RunnerBuild.Applying;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using RunnerBuild.Remote;
using RunnerBuild.Remote.Ssh;
using RunnerBuild.Terminal;

namespace RunnerBuild.Stages;

/// <summary>DeployRunners: the supervisor with its settings and credentials, and every slot serving.</summary>
internal sealed class RunnersStage(ImageStage images, GitHubAccess github, RunOptions options, Report report) : Stage
{
    // One for each architecture, read once: every round on every host compares it.
    private readonly ConcurrentDictionary<string, Lazy<Task<FileContent>>> _programs = new();

    public override string Name => "DeployRunners";

    public override async Task<ImmutableArray<Change>> PlanAsync(HostSession session, CancellationToken cancel)
    {
        var facts = await session.FactsAsync(cancel);
        var wanted = await WantedAsync(session, facts, cancel);
        var own = OwnHost.SlotOf(facts, options.Runner);
        var after = RenamedHost.After(session.Host, facts);
        var changes = HostPlan.Diff(wanted.Resources, after, session.Nonce);
        var restarts = changes.Any(change => change.Resource == $"unit/{HostPaths.ServiceUnit}" && change.Field == "state");
        ImmutableArray<Change> all =
        [
            .. EarlierPlan.TakeOver(facts.Earlier),
            .. RenamedHost.Diff(session.Host, facts),
            .. changes,
            .. session.HandedOver && changes.IsEmpty ? [] : SlotPlan.Diff(wanted, after.Supervisor, restarts, own),
            .. StoredPlan.Diff(wanted),
            // While an image is proved it is none to go back to, so it must not take the place of one.
            .. session.Kept is null ? OldImages.Diff(wanted, facts, images.Keep) : [],
        ];
        return OwnHost.Spare(all, session.Host, facts, own, Name);
    }

    public override async Task ApplyAsync(HostSession session, ImmutableArray<Change> changes, CancellationToken cancel)
    {
        await github.CheckAsync(session.Host, cancel);
        var machine = await session.MachineAsync(cancel);
        using var turn = session.Guard is null ? await HostGuard.TakeAsync(machine, RunHolder.Of(Name), alone: false, cancel) : null;
        foreach (var change in changes)
        {
            foreach (var step in change.Steps)
                await ApplyAsync(session, machine, change, step, cancel);
        }
    }

    private async Task ApplyAsync(HostSession session, SshMachine machine, Change change, Step step, CancellationToken cancel)
    {
        void Tell(string text) => report.Progress(session.Name, text);
        switch (step)
        {
            case AwaitSlots wait when session.Awaited is { } awaited:
                await SlotWait.UntilServingAsync(machine, wait with { Only = awaited }, options.Patience, Tell, cancel);
                break;
            case AwaitSlots wait when options.NoWait:
                session.HandedOver = true;
                report.Note(session.Name, await SlotWait.LeftAsync(machine, wait, cancel));
                break;
            case AwaitSlots wait:
                Tell($"{wait}");
                await SlotWait.UntilServingAsync(machine, wait, options.Patience, Tell, cancel);
                break;
            case RetireEarlier retire:
                Tell($"{retire}");
                await new EarlierRetirement(session, machine, github, options, Tell).RunAsync(retire, cancel);
                break;
            case EndNamed { Name: var name }:
                Tell($"{step}");
                var registrations = new Registrations(session.Host, github);
                await new RunnersEnd(machine, machine.Address, Tell) { Host = name, Deregister = registrations.DeleteAsync }.WaitAsync(null, cancel);
                break;
            default:
                await HostApplier.ApplyAsync(session.Name, machine, [change with { Steps = [step] }], report, cancel);
                break;
        }
    }

    public async Task<RunnerDeployment> WantedAsync(HostSession session, HostFacts facts, CancellationToken cancel)
    {
        // Before anything is started on this machine, so that what is secret in the environment is known and not passed on.
        var secrets = await github.SecretsAsync(session.Host, cancel);
        var architecture = facts.Architecture == "arm64" ? "arm64" : "x64";
        var program = await _programs.GetOrAdd(architecture, _ => new Lazy<Task<FileContent>>(() => ProgramAsync(session, architecture, cancel))).Value;
        var image = session.Host.Pools.All(pool => pool.Image is not null) ? "" : session.Kept ?? (await images.WantedAsync(session, cancel)).Reference;
        return RunnerDeployment.Of(session.Host, facts, program, image, secrets);
    }

    private async Task<FileContent> ProgramAsync(HostSession session, string architecture, CancellationToken cancel)
    {
        var path = await SupervisorProgram.BuildAsync(options.Repository, architecture, line => report.Progress(session.Name, line), cancel);
        return new FileContent.Program(Path.GetFileName(path), await SupervisorProgram.ReadAsync(path, cancel));
    }
}
