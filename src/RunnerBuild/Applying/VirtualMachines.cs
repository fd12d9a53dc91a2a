using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using RunnerBuild.Remote.Proxmox;

namespace RunnerBuild.Applying;

/// <summary>The virtual machines of one Proxmox cluster: what is there, making it so, and waiting until it serves. Safe for many hosts at once.</summary>
internal sealed class VirtualMachines(ProxmoxClient client) : IDisposable
{
    private readonly VirtualMachineObservation _observation = new(client);
    private readonly TemplateQueue _queue = new();

    public Task<VirtualMachineFacts> ObserveAsync(Host host, CancellationToken cancel) => _observation.OfAsync(VirtualMachine.Of(host), cancel);

    /// <summary>Carries out the changes, planning afresh where a step or somebody else changed what they were made from.</summary>
    public Task ApplyAsync(Host host, IReadOnlyList<Change> changes, IProgress<string> progress, CancellationToken cancel) =>
        new VirtualMachineConvergence(VirtualMachine.Of(host), _observation, new(client, _queue, progress)).RunAsync(changes, cancel);

    /// <summary>The machine's public host keys as OpenSSH writes them; null when its guest agent is not there or the token may not read through it.</summary>
    public Task<IReadOnlyList<string>?> HostKeysAsync(Host host, CancellationToken cancel) =>
        new GuestHostKeys(client, VirtualMachine.Of(host).Id).ReadAsync(cancel);

    /// <summary>Ends when the guest has its address and serves SSH; an agent that does not answer is done without.</summary>
    public Task WaitUntilReadyAsync(Host host, IProgress<string> progress, CancellationToken cancel) =>
        new VirtualMachineReadiness(client, _observation, host).WaitAsync(progress, cancel);

    public void Dispose() => _queue.Dispose();
}
