using System.Collections.Immutable;
using RunnerBuild.Applying;
using RunnerBuild.Desired;
using RunnerBuild.Planning;
using RunnerBuild.Remote;
using RunnerBuild.Remote.Ssh;
using RunnerBuild.Terminal;

namespace RunnerBuild.Stages;

/// <summary>RemoveRunners: everything of this program off a host, after its jobs have ended; Docker Engine stays.</summary>
internal sealed class RemovalStage(GitHubAccess github, RunOptions options, Report report) : Stage
{
    // With the settings of a host that is to be emptied, a service that was stopped comes up for as long as that takes.
    private const string StartService = "systemctl is-active --quiet \"$1\" || systemctl start \"$1\"";

    // A runner whose job is done is set aside, out of its slot, until it has ended.
    private const string AwaitLast = """
        for _ in $(seq 120); do
          left=$(docker ps --filter label=runnerbuild.host --format '{{.Names}}')
          [ -n "$left" ] || exit 0
          sleep 1
        done
        echo "still there: $left" >&2
        exit 1
        """;

    public override string Name => "RemoveRunners";

    public override async Task<ImmutableArray<Change>> PlanAsync(HostSession session, CancellationToken cancel)
    {
        var facts = await session.FactsAsync(cancel);
        var registered = await new Registrations(session.Host, github).NamesAsync(cancel);
        return [.. RemovalPlan.Diff(session.Host, facts, registered, OwnHost.SlotOf(facts, options.Runner))];
    }

    public override async Task ApplyAsync(HostSession session, ImmutableArray<Change> changes, CancellationToken cancel)
    {
        var machine = await session.MachineAsync(cancel);
        foreach (var change in changes)
        {
            foreach (var step in change.Steps)
                await ApplyAsync(session, machine, change, step, cancel);
        }
    }

    private async Task ApplyAsync(HostSession session, SshMachine machine, Change change, Step step, CancellationToken cancel)
    {
        switch (step)
        {
            case EmptySlots:
                report.Progress(session.Name, $"{step}");
                await machine.CheckAsync("Starting the service that ends the runners", StartService, [HostPaths.ServiceUnit], null, cancel);
                await Draining.DrainAsync(machine, [], cancel);
                await Draining.WaitAsync(machine, [], null, options.Timeout, text => report.Progress(session.Name, text), cancel);
                await machine.CheckAsync("Waiting for the last runners to end", AwaitLast, [], null, cancel);
                break;
            case DeleteRegistrations { Scope: var scope }:
                await new Registrations(session.Host, github).DeleteAsync(scope, Name, text => report.Progress(session.Name, text), cancel);
                break;
            default:
                await HostApplier.ApplyAsync(session.Name, machine, [change with { Steps = [step] }], report, cancel);
                break;
        }
    }
}
