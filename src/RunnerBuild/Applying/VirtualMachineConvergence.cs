using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using RunnerBuild.Remote.Proxmox;

namespace RunnerBuild.Applying;

/// <summary>
/// Brings one virtual machine to what is wanted. Every decision rests on a fresh reading, never on memory of an earlier step:
/// after a clone, a lost answer, a lock or somebody else's change the machine is read and planned again.
/// </summary>
internal sealed class VirtualMachineConvergence(
    VirtualMachine want, Consent consent, VirtualMachineObservation observation, VirtualMachineSteps steps)
{
    private const int Patience = 3;

    private static readonly TimeSpan LockLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan UnexplainedCloneLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LockPause = TimeSpan.FromSeconds(2);

    private readonly Dictionary<ProxmoxFault, int> _met = [];

    public async Task RunAsync(IReadOnlyList<Change> changes, CancellationToken cancel)
    {
        while (!await StepsAsync(changes, cancel))
            changes = VirtualMachinePlan.Diff(want, await UnlockedAsync(cancel), consent);
    }

    /// <summary>True when all is done; false when it must be planned again.</summary>
    private async Task<bool> StepsAsync(IReadOnlyList<Change> changes, CancellationToken cancel)
    {
        if (changes.FirstOrDefault(change => change.Refusal is not null) is { Refusal: { } refusal } refused)
            throw new RunnerBuildException(
                $"{want.Name}: {refused.Resource} was not changed.", $"{refused.Field}: {refused.From ?? "(none)"} -> {refused.To}", refusal);
        foreach (var step in VirtualMachinePlan.Steps(changes))
        {
            try
            {
                await steps.RunAsync(step, cancel);
            }
            catch (ProxmoxException fault) when (Passes(fault.Fault))
            {
                steps.Progress.Report($"{fault.What} {fault.Why.Split('\n')[0]}; reading again");
                await AfterAsync(fault.Fault, step, cancel);
                return false;
            }

            if (step is CloneVm or AwaitClone)
                return false;
        }

        return true;
    }

    private bool Passes(ProxmoxFault fault)
    {
        if (fault is not (ProxmoxFault.Stale or ProxmoxFault.Busy or ProxmoxFault.Locked or ProxmoxFault.OutcomeUnknown or ProxmoxFault.Taken
            or ProxmoxFault.AlreadyRunning or ProxmoxFault.NotRunning or ProxmoxFault.LeftPending))
            return false;
        _met[fault] = _met.GetValueOrDefault(fault) + 1;
        return _met[fault] <= Patience;
    }

    private Task AfterAsync(ProxmoxFault fault, VirtualMachineStep step, CancellationToken cancel) => fault switch
    {
        ProxmoxFault.OutcomeUnknown => steps.SettleAsync(step, cancel),
        ProxmoxFault.Busy => Task.Delay(TimeSpan.FromSeconds(2) * _met[fault], steps.Time, cancel),
        _ => Task.CompletedTask,
    };

    /// <summary>Waits for a lock to go; a lock is never taken away here, because whoever holds it may be at work.</summary>
    private async Task<VirtualMachineFacts> UnlockedAsync(CancellationToken cancel)
    {
        var started = steps.Time.GetTimestamp();
        for (string? reported = null; ;)
        {
            var facts = await observation.WithAddressesAsync(want, cancel);
            if (Lock(facts) is not { } held)
                return facts;
            var elapsed = steps.Time.GetElapsedTime(started);
            if (elapsed > (held == "clone" ? UnexplainedCloneLimit : LockLimit))
                throw Stuck(held, elapsed);
            if (held != reported)
                steps.Progress.Report($"{want.Id} is locked ({held}); waiting");
            reported = held;
            await Task.Delay(LockPause, steps.Time, cancel);
        }
    }

    // A clone whose task is known is awaited by a step of the plan.
    private static string? Lock(VirtualMachineFacts facts) => facts switch
    {
        VirtualMachineFacts.Cloning { Task: null } => "clone",
        VirtualMachineFacts.Present present => present.Lock,
        _ => null,
    };

    private RunnerBuildException Stuck(string held, TimeSpan elapsed) => new(
        $"{want.Id} is locked ({held}) for {elapsed.TotalSeconds:0} s.",
        held == "clone" ? "No clone task is seen to run: its worker may have died." : $"A {held} task holds it.",
        held == "clone"
            ? $"See the node's task history. If the clone is dead, on {want.Id.Node}: `qm unlock {want.Id.VmId}` and `qm destroy {want.Id.VmId}`; "
                + "then run the same target again."
            : "Wait for the task in the node's task history to end, then run the same target again.");
}
