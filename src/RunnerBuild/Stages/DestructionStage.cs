using System.Collections.Immutable;
using RunnerBuild.Applying;
using RunnerBuild.Desired;
using RunnerBuild.Planning;
using RunnerBuild.Remote;
using RunnerBuild.Remote.Ssh;
using RunnerBuild.Terminal;

namespace RunnerBuild.Stages;

/// <summary>DestroyVm: a host's virtual machine with its disks, once its jobs have ended and GitHub has forgotten its runners. Other hosts are left alone.</summary>
internal sealed class DestructionStage(Clusters clusters, GitHubAccess github, HostKeyPins pins, RunOptions options, Report report) : Stage
{
    public override string Name => "DestroyVm";

    public override async Task<ImmutableArray<Change>> PlanAsync(HostSession session, CancellationToken cancel)
    {
        if (session.Host.Vm is null)
            return [];
        var have = await (await clusters.OfAsync(session.Host, cancel)).ObserveAsync(session.Host, cancel);
        var registered = await new Registrations(session.Host, github).NamesAsync(cancel);
        var changes = VirtualMachineRemoval.Diff(VirtualMachine.Of(session.Host), have, registered);
        // Its runners have this program's names, so that it shows even where SSH does not answer.
        return options.Runner is { } own && registered.Values.Any(names => names.Contains(own))
            ? [.. changes.Select(change => change with { Steps = [], Refusal = OwnHost.Refusal("it would end with the machine", session.Host, own, Name) })]
            : [.. changes];
    }

    public override async Task ApplyAsync(HostSession session, ImmutableArray<Change> changes, CancellationToken cancel)
    {
        void Tell(string text) => report.Progress(session.Name, text);
        var machines = await clusters.OfAsync(session.Host, cancel);
        foreach (var step in changes.SelectMany(change => change.Steps))
        {
            switch (step)
            {
                case EndRunners:
                    Tell($"{step}");
                    await EndRunnersAsync(session, Tell, cancel);
                    break;
                case DeleteRegistrations { Scope: var scope }:
                    await new Registrations(session.Host, github).DeleteAsync(scope, Name, Tell, cancel);
                    break;
                default:
                    await machines.RunOrLookUpAsync((VirtualMachineStep)step, report.ProgressOf(session.Name), cancel);
                    break;
            }
        }

        pins.Forget(session.Host.Ssh.Address, session.Host.Ssh.Port);
    }

    private async Task EndRunnersAsync(HostSession session, Action<string> tell, CancellationToken cancel)
    {
        try
        {
            var machine = await session.MachineAsync(cancel);
            await new RunnersEnd(machine, machine.Address, tell) { Deregister = new Registrations(session.Host, github).DeleteAsync }.WaitAsync(options.Timeout, cancel);
            await session.DisconnectAsync();
        }
        catch (HostUnreachableException silent)
        {
            // A machine that is broken must be removable; GitHub keeps the registration of a runner that has a job, and that stops the run below.
            tell($"{silent.What} Its jobs are known to GitHub alone.");
        }
    }
}
