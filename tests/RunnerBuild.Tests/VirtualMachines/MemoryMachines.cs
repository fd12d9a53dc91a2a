using System.Collections.Concurrent;
using Lab.Proxmox;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>Virtual machines that are only remembered; their guests answer their agent at once, with a Docker bridge beside their own card.</summary>
internal sealed class MemoryMachines : IVirtualMachines
{
    private readonly ConcurrentDictionary<int, MachineSpec> _running = new();

    /// <summary>Files of every guest.</summary>
    public ConcurrentDictionary<string, string> Files { get; } = new();

    public bool AgentAnswers { get; set; } = true;

    /// <summary>Every start that was asked for.</summary>
    public ConcurrentQueue<MachineSpec> Starts { get; } = new();

    public Task StartAsync(MachineSpec spec, CancellationToken cancel)
    {
        Starts.Enqueue(spec);
        _running[spec.VmId] = spec;
        return Task.CompletedTask;
    }

    public Task StopAsync(int vmId, TimeSpan grace, CancellationToken cancel) => Task.FromResult(_running.TryRemove(vmId, out _));

    public Task DestroyAsync(int vmId, CancellationToken cancel) => StopAsync(vmId, TimeSpan.Zero, cancel);

    public Task TakeSnapshotAsync(int vmId, string name, CancellationToken cancel) => Task.CompletedTask;

    public Task RollBackAsync(int vmId, string name, CancellationToken cancel) => StopAsync(vmId, TimeSpan.Zero, cancel);

    public Task DeleteSnapshotAsync(int vmId, string name, CancellationToken cancel) => Task.CompletedTask;

    public Task<bool> IsRunningAsync(int vmId, CancellationToken cancel) => Task.FromResult(_running.ContainsKey(vmId));

    public Task<bool> IsReadyAsync(int vmId, CancellationToken cancel) => Task.FromResult(AgentAnswers);

    public Task<GuestCommandResult> ExecuteAsync(int vmId, IReadOnlyList<string> command, string? input, CancellationToken cancel) =>
        Task.FromResult(Files.TryGetValue(command[^1], out var text)
            ? new GuestCommandResult(0, text, "")
            : new GuestCommandResult(1, "", $"cat: {command[^1]}: No such file or directory"));

    public Task<IReadOnlyList<GuestInterface>> InterfacesAsync(int vmId, CancellationToken cancel) => Task.FromResult<IReadOnlyList<GuestInterface>>(
    [
        new("docker0", "02:42:00:00:00:01", [("172.17.0.1", 16)]),
        new("eth0", _running[vmId].MacAddress ?? "", [($"{_running[vmId].Address}", 24), ("fe80::1", 64)]),
    ]);
}
