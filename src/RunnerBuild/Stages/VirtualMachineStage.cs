using System.Collections.Immutable;
using RunnerBuild.Applying;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using RunnerBuild.Remote.Proxmox;
using RunnerBuild.Remote.Ssh;
using RunnerBuild.Terminal;

namespace RunnerBuild.Stages;

/// <summary>CreateVm: each host's virtual machine as the fleet says, running, and with its SSH host key known. Other hosts only have to be reachable.</summary>
internal sealed class VirtualMachineStage(Fleet fleet, Clusters clusters, HostKeyPins pins, RunOptions options, Report report) : Stage
{
    private readonly Consent _consent = new(options.AllowRestart, options.Adopt);

    public override string Name => "CreateVm";

    public override bool BlocksPlanning(ImmutableArray<Change> changes) => true;

    public override async Task<ImmutableArray<Change>> PlanAsync(HostSession session, CancellationToken cancel)
    {
        var host = session.Host;
        if (host.Vm is null)
            return await ReachabilityPlan.DiffAsync(session, cancel);
        var facts = await (await clusters.OfAsync(host, cancel)).ObserveAsync(host, cancel);
        var changes = VirtualMachinePlan.Diff(VirtualMachine.Of(host), facts, _consent);
        if (changes.Count == 0)
            return await ConvergedAsync(session, facts, cancel);
        if (changes.Any(change => change.Steps.Any(step => step is RestartVm)))
            changes = await OwnHostSparedAsync(session, changes, cancel);

        // A machine that does not exist yet cannot be the one whose keys are pinned for its address.
        return facts is VirtualMachineFacts.Absent && pins.For(host.Ssh.Address, host.Ssh.Port).Count > 0
            ? [new Change("ssh", "host key", "an earlier machine's", null, [new ForgetHostKeys(host.Ssh.Address, host.Ssh.Port)]), .. changes]
            : [.. changes];
    }

    public override async Task ApplyAsync(HostSession session, ImmutableArray<Change> changes, CancellationToken cancel)
    {
        foreach (var forget in changes.SelectMany(change => change.Steps).OfType<ForgetHostKeys>())
            pins.Forget(forget.Address, forget.Port);
        if (session.Host.Vm is null)
        {
            await BootWait.AwaitAsync(session, report, cancel);
            return;
        }

        var machines = await clusters.OfAsync(session.Host, cancel);
        var progress = report.ProgressOf(session.Name);
        var restarts = changes.Where(change => change.Steps.Any(step => step is RestartVm)).ToList();
        var first = changes.Except(restarts).Where(change => change.Steps.Any(step => step is VirtualMachineStep)).ToList();
        if (first.Count > 0)
            await machines.ApplyAsync(session.Host, first, Consent.None with { Adopt = _consent.Adopt }, progress, cancel);
        if (restarts.Count > 0)
        {
            await EndRunnersAsync(session, restarts, cancel);
            await machines.ApplyAsync(session.Host, restarts, _consent, progress, cancel);
        }

        var starts = changes.Any(change => change.Steps.Any(step => step is AwaitClone or CloneVm or StartVm or RestartVm));
        if (starts || await IsThereAsync(machines, session.Host, cancel))
            await machines.WaitUntilReadyAsync(session.Host, progress, cancel);
        var renewed = restarts.SelectMany(change => change.Steps).OfType<RestartVm>().Any(step => step.NewInstance);
        await LearnHostKeysAsync(machines, session, renewed, cancel);
        await BootWait.AwaitAsync(session, report, cancel);
    }

    private async Task EndRunnersAsync(HostSession session, IReadOnlyList<Change> changes, CancellationToken cancel)
    {
        await using var earlier = Earlier(session, changes);
        try
        {
            await RunnersEnd.WaitAsync(await (earlier ?? session).MachineAsync(cancel), options.Timeout, text => report.Progress(session.Name, text), cancel);
        }
        catch (HostUnreachableException silent)
        {
            var vm = VirtualMachine.Of(session.Host).Id;
            throw new RunnerBuildException($"{session.Name} was not restarted: its jobs cannot be waited for.", $"{silent.What} {silent.Why}",
                $"When no job runs there, restart it yourself: `qm reboot {vm.VmId}` on {vm.Node}, or in the web interface. Then run the same target again.");
        }

        await session.DisconnectAsync();
    }

    /// <summary>Proxmox has nothing to do; the machine itself may still be booting, or another one answer in its place.</summary>
    private async Task<ImmutableArray<Change>> ConvergedAsync(HostSession session, VirtualMachineFacts facts, CancellationToken cancel)
    {
        foreach (var note in VirtualMachinePlan.Notes(VirtualMachine.Of(session.Host), facts))
            report.Note(session.Name, note);
        if (!Knows(session))
            return [new Change("ssh", "host key", null, "learned from the guest", [new BringUp(session.Name)])];
        var changes = await ReachabilityPlan.DiffAsync(session, cancel);
        if (!changes.IsEmpty || facts is not VirtualMachineFacts.Present present)
            return changes;
        var host = await session.FactsAsync(cancel);
        // The lab's machines are containers: where the machine below them has no DMI, neither have they.
        if (fleet.Lab is not null && host.Uuid.Length == 0)
            return changes;
        return MachineIdentity.Diff(VirtualMachine.Of(session.Host), present.Config, host) is { } other ? [other] : changes;
    }

    /// <summary>Where the guest still is, when a restart is to give it another address; null: where the fleet says.</summary>
    private static HostSession? Earlier(HostSession session, IEnumerable<Change> changes) =>
        changes.SelectMany(change => change.Steps).OfType<RestartVm>().FirstOrDefault()?.Earlier is { } address ? session.At(address) : null;

    private async Task<IReadOnlyList<Change>> OwnHostSparedAsync(HostSession session, IReadOnlyList<Change> changes, CancellationToken cancel)
    {
        await using var earlier = Earlier(session, changes);
        return OwnHost.SlotOf(await (earlier ?? session).FactsAsync(cancel), options.Runner) is { } own
            ? [.. changes.Select(change => change.Steps.Any(step => step is RestartVm)
                ? change with { Steps = [], Refusal = OwnHost.Refusal("a restart of the machine would end it", session.Host, own, Name) }
                : change)]
            : changes;
    }

    /// <summary>False: the guest keeps its earlier address until a restart, and is reached at another one than the fleet's `ip`. Throws where it is not.</summary>
    private static async Task<bool> IsThereAsync(VirtualMachines machines, Host host, CancellationToken cancel)
    {
        var want = VirtualMachine.Of(host);
        if (await machines.ObserveAsync(host, cancel) is not VirtualMachineFacts.Present present || VirtualMachineRestart.OtherAddress(want, present) is not { } earlier)
            return true;
        if (host.Ssh.Address != $"{want.Spec.Ip!.Address}" && await SshBanner.AnswersAsync(host.Ssh.Address, host.Ssh.Port, cancel))
            return false;
        throw new RunnerBuildException($"{host.Name} is still at {earlier}: its new address {want.Spec.Ip} waits for a restart.", "It is written, and a running machine takes it over only when it starts.",
            $"Run `./build.sh CreateVm --allow-restart --limit {host.Name}`: it waits for the jobs there and restarts the machine.");
    }

    private bool Knows(HostSession session) =>
        pins.For(session.Host.Ssh.Address, session.Host.Ssh.Port).Count > 0 || !session.Host.Ssh.HostKeys.IsEmpty || session.AcceptsKey;

    /// <param name="renewed">Cloud-init has made new ones, so that the guest is asked whatever is pinned.</param>
    private async Task LearnHostKeysAsync(VirtualMachines machines, HostSession session, bool renewed, CancellationToken cancel)
    {
        var ssh = session.Host.Ssh;
        if (Knows(session) && !renewed)
            return;
        var lines = await machines.HostKeysAsync(session.Host, cancel);
        var keys = (lines ?? []).Select(HostKey.Parse).OfType<HostKey>().ToList();
        if (keys.Count == 0)
            return;
        pins.Pin(ssh.Address, ssh.Port, keys);
        report.Progress(session.Name, $"learned the host key over the guest agent: {keys[0].Fingerprint}");
    }
}
