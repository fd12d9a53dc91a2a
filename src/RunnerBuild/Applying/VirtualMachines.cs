using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using RunnerBuild.Remote.Proxmox;

namespace RunnerBuild.Applying;

/// <summary>The virtual machines of one Proxmox cluster: what is there, making it so, and waiting until it serves. Safe for many hosts at once.</summary>
internal sealed class VirtualMachines(ProxmoxClient client) : IDisposable
{
    private readonly TemplateQueue _queue = new();

    public VirtualMachineObservation Observation { get; } = new(client);

    public Task<VirtualMachineFacts> ObserveAsync(Host host, CancellationToken cancel) => Observation.WithAddressesAsync(VirtualMachine.Of(host), cancel);

    /// <summary>Carries out the changes, planning afresh where a step or somebody else changed what they were made from.</summary>
    public Task ApplyAsync(Host host, IReadOnlyList<Change> changes, Consent consent, IProgress<string> progress, CancellationToken cancel) =>
        new VirtualMachineConvergence(VirtualMachine.Of(host), consent, Observation, Steps(progress)).RunAsync(changes, cancel);

    /// <summary>One step. After a write whose answer was lost, what it started is awaited, and the caller looks at what came of it.</summary>
    public async Task RunOrLookUpAsync(VirtualMachineStep step, IProgress<string> progress, CancellationToken cancel)
    {
        try
        {
            await Steps(progress).RunAsync(step, cancel);
        }
        catch (ProxmoxException fault) when (fault.Fault is ProxmoxFault.OutcomeUnknown)
        {
            progress.Report($"{fault.What} {fault.Why}; reading again");
            await Steps(progress).SettleAsync(step, cancel);
        }
        catch (ProxmoxException gone) when (gone.Fault is ProxmoxFault.NoSuchGuest && step is DeleteVm or ShutDownVm)
        {
            // The task of a run that was broken off came first.
            progress.Report($"{step.Vm} is gone already");
        }
    }

    public VirtualMachineSteps Steps(IProgress<string> progress) => new(client, _queue, progress);

    /// <summary>The machine's public host keys as OpenSSH writes them; null when its guest agent is not there or the token may not read through it.</summary>
    public Task<IReadOnlyList<string>?> HostKeysAsync(Host host, CancellationToken cancel) =>
        new GuestHostKeys(client, VirtualMachine.Of(host).Id).ReadAsync(cancel);

    /// <summary>Ends when the guest has its address and serves SSH; an agent that does not answer is done without.</summary>
    public Task WaitUntilReadyAsync(Host host, IProgress<string> progress, CancellationToken cancel) =>
        new VirtualMachineReadiness(client, Observation, host).WaitAsync(progress, cancel);

    public void Dispose() => _queue.Dispose();
}
