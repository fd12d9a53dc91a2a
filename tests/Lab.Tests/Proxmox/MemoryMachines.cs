using System.Collections.Concurrent;
using Lab.Proxmox;

namespace Lab.Tests.Proxmox;

/// <summary>Machines that only remember what was asked of them. The guest agent answers once <see cref="Booted"/> is set.</summary>
internal sealed class MemoryMachines : IVirtualMachines
{
    public ConcurrentDictionary<int, MachineSpec> Running { get; } = new();

    public ConcurrentQueue<int> Destroyed { get; } = new();

    /// <summary>What was to happen to snapshots of disks.</summary>
    public ConcurrentQueue<string> Disks { get; } = new();

    public bool Booted { get; set; } = true;

    public string? StartProblem { get; set; }

    public Task StartAsync(MachineSpec spec, CancellationToken cancel)
    {
        if (StartProblem is { } problem)
            throw new MachineException(problem);
        Running[spec.VmId] = spec;
        return Task.CompletedTask;
    }

    public Task StopAsync(int vmId, TimeSpan grace, CancellationToken cancel)
    {
        Running.TryRemove(vmId, out _);
        return Task.CompletedTask;
    }

    public Task DestroyAsync(int vmId, CancellationToken cancel)
    {
        Destroyed.Enqueue(vmId);
        return StopAsync(vmId, TimeSpan.Zero, cancel);
    }

    public Task TakeSnapshotAsync(int vmId, string name, CancellationToken cancel) => KeepAsync($"take {name}");

    public Task RollBackAsync(int vmId, string name, CancellationToken cancel)
    {
        Running.TryRemove(vmId, out _);
        return KeepAsync($"go back to {name}");
    }

    public Task DeleteSnapshotAsync(int vmId, string name, CancellationToken cancel) => KeepAsync($"delete {name}");

    private Task KeepAsync(string what)
    {
        Disks.Enqueue(what);
        return Task.CompletedTask;
    }

    public Task<bool> IsRunningAsync(int vmId, CancellationToken cancel) => Task.FromResult(Running.ContainsKey(vmId));

    public Task<bool> IsReadyAsync(int vmId, CancellationToken cancel) => Task.FromResult(Running.ContainsKey(vmId) && Booted);

    public Task<GuestCommandResult> ExecuteAsync(int vmId, IReadOnlyList<string> command, string? input, CancellationToken cancel) =>
        Task.FromResult(
            command switch
            {
                ["cat", "/etc/os-release"] => new GuestCommandResult(
                    0,
                    "ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\"\nVERSION_ID=\"13\"\n",
                    ""
                ),
                ["uname", ..] => new(0, "6.12.0-amd64 x86_64\n", ""),
                ["cat", "--", "/etc/hostname"] => new(0, Running[vmId].Name + "\n", ""),
                ["cat", "--", var file] => new(1, "", $"cat: {file}: No such file or directory"),
                ["tee"] => new(0, input ?? "", ""),
                _ => new(127, "", $"{command[0]}: not found"),
            }
        );

    public Task<IReadOnlyList<GuestInterface>> InterfacesAsync(int vmId, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<GuestInterface>>([
            new("lo", "00:00:00:00:00:00", [("127.0.0.1", 8)]),
            new("docker0", "02:42:00:00:00:01", [("172.17.0.1", 16)]),
            new("eth0", Running[vmId].MacAddress ?? "", [($"{Running[vmId].Address}", Running[vmId].PrefixLength), ("fe80::1", 64)]),
        ]);
}
