using System.Net;

namespace Lab.Proxmox;

/// <summary>What stands behind the virtual machines of the double: containers in the lab, memory in tests.</summary>
internal interface IVirtualMachines
{
    /// <summary>Creates (if absent) and starts the machine; returns when its init has been started. A <see cref="MachineException"/> makes the start task fail with its message.</summary>
    Task StartAsync(MachineSpec spec, CancellationToken cancel);

    /// <summary>Stops the machine, asking its init first and killing it after <paramref name="grace"/>; an absent or stopped machine is no error.</summary>
    Task StopAsync(int vmId, TimeSpan grace, CancellationToken cancel);

    /// <summary>Removes the machine, its disk and their snapshots; an absent machine is no error.</summary>
    Task DestroyAsync(int vmId, CancellationToken cancel);

    /// <summary>Keeps the machine's disk as it is under a name.</summary>
    Task TakeSnapshotAsync(int vmId, string name, CancellationToken cancel);

    /// <summary>Stops the machine, and makes its disk what it was.</summary>
    Task RollBackAsync(int vmId, string name, CancellationToken cancel);

    Task DeleteSnapshotAsync(int vmId, string name, CancellationToken cancel);

    Task<bool> IsRunningAsync(int vmId, CancellationToken cancel);

    /// <summary>Whether the guest agent answers: false while the guest is still booting.</summary>
    Task<bool> IsReadyAsync(int vmId, CancellationToken cancel);

    Task<GuestCommandResult> ExecuteAsync(int vmId, IReadOnlyList<string> command, string? input, CancellationToken cancel);

    Task<IReadOnlyList<GuestInterface>> InterfacesAsync(int vmId, CancellationToken cancel);
}

/// <summary>A machine to run. <paramref name="Cores"/> and <paramref name="MemoryMiB"/> are limits, <paramref name="Address"/> is null for DHCP or no cloud-init network.</summary>
internal sealed record MachineSpec(
    int VmId,
    string Name,
    double Cores,
    long MemoryMiB,
    string? MacAddress,
    CloudInitSeed Seed,
    IPAddress? Address,
    int PrefixLength,
    IPAddress? Gateway
)
{
    /// <summary>That its firmware tells, where it can tell any.</summary>
    public string? Uuid { get; init; }
}

/// <summary>The three files of a NoCloud seed as the hypervisor would write them to the cloud-init drive.</summary>
internal sealed record CloudInitSeed(string UserData, string MetaData, string NetworkConfig);

/// <summary>A command that ended in the guest, with both of its streams decoded as UTF-8.</summary>
internal sealed record GuestCommandResult(int ExitCode, string Output, string Error);

/// <summary>A network interface as the guest agent reports it.</summary>
internal sealed record GuestInterface(string Name, string HardwareAddress, IReadOnlyList<(string Address, int Prefix)> Addresses);

/// <summary>A machine could not be started; the message is what the task log says.</summary>
internal sealed class MachineException(string message) : Exception(message);
