using System.Collections.Immutable;
using Lab.Proxmox;
using Lab.Proxmox.Faults;
using Lab.Tests.Proxmox;
using RunnerBuild.Config;
using RunnerBuild.Planning;
using RunnerBuild.Desired;
using RunnerBuild.Remote.Proxmox;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>The double of a Proxmox cluster behind a recording wire, and a client of it.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly ProxmoxClient _client;
    private readonly string _version;

    private Cluster(Wire wire, MemoryMachines machines, string version)
    {
        (Wire, Machines, _version) = (wire, machines, version);
        _client = wire.Client();
        Vms = new(_client);
    }

    public Wire Wire { get; }

    public MemoryMachines Machines { get; }

    public Applying.VirtualMachines Vms { get; }

    public Told Told { get; } = new();

    public IReadOnlyList<Seen> Writes => [.. Wire.Requests.Where(request => request.IsWrite)];

    public static readonly ProxmoxOptions Options = new()
    {
        Nodes = ["node005", "node006"],
        Guests = [GuestSeed.DebianTemplate(9999, "node005")],
        Tokens = [new("root@pam!runnerbuild", Wire.TokenSecret)],
        UnauthorizedDelay = TimeSpan.Zero,
        CloneDelay = TimeSpan.FromMilliseconds(60),
        WorkerDelay = TimeSpan.FromMilliseconds(5),
    };

    public static async Task<Cluster> StartAsync(ProxmoxOptions? options = null, int haste = 20)
    {
        var machines = new MemoryMachines();
        options ??= Options;
        var proxmox = new ProxmoxDouble(options, machines, TimeProvider.System);
        var wire = await Wire.StartAsync(proxmox.Use);
        wire.Haste = haste;
        return new(wire, machines, options.Version) { Faults = proxmox.Faults };
    }

    /// <summary>A run of the target, as a program of its own would do it: observe, plan, apply.</summary>
    public async Task<IReadOnlyList<Change>> RunAsync(Host host, CancellationToken cancel, Consent? consent = null)
    {
        using var client = Wire.Client();
        using var vms = new Applying.VirtualMachines(client);
        return await RunAsync(vms, host, cancel, consent);
    }

    public async Task<IReadOnlyList<Change>> RunAsync(Applying.VirtualMachines vms, Host host, CancellationToken cancel, Consent? consent = null)
    {
        var changes = VirtualMachinePlan.Diff(VirtualMachine.Of(host), await vms.ObserveAsync(host, cancel), consent);
        await vms.ApplyAsync(host, changes, consent ?? Consent.None, Told, cancel);
        return changes;
    }

    public Applying.VirtualMachineSnapshots Snapshots(Host host) => new(_client, Vms, host);

    public ProxmoxClient Client => _client;

    public FaultSwitch Faults { get; private init; } = null!;

    /// <summary>The configuration calls among the writes.</summary>
    public IReadOnlyList<Seen> ConfigWrites => [.. Writes.Where(write => write.Path.EndsWith("/config", StringComparison.Ordinal))];

    /// <summary>Somebody else's write.</summary>
    public async Task WriteAsync(ProxmoxCall call, CancellationToken cancel)
    {
        if (await _client.WriteAsync(call, cancel) is { } task)
            await new ProxmoxTasks(_client).AwaitAsync(task, call.Purpose, TimeSpan.FromMinutes(1), Told, cancel);
    }

    /// <summary>A write that the schema forbids, to see it refused: the only requests that are not held against it.</summary>
    public async Task WriteWronglyAsync(ProxmoxCall call, CancellationToken cancel)
    {
        Wire.Judges = false;
        try
        {
            await WriteAsync(call, cancel);
        }
        finally
        {
            Wire.Judges = true;
        }
    }

    public async Task<ImmutableSortedDictionary<string, string>> ConfigAsync(CancellationToken cancel) =>
        (await _client.GetAsync("/nodes/node005/qemu/250/config", "read", cancel)).Texts();

    public async Task<int> GuestsAsync(CancellationToken cancel) =>
        (await _client.GetAsync("/cluster/resources?type=vm", "list", cancel)).GetArrayLength();

    public async ValueTask DisposeAsync()
    {
        Vms.Dispose();
        _client.Dispose();
        await Wire.DisposeAsync();
        JudgedRequests.Add(_version, Wire.Judged.Select(request => request.LogLine));
    }
}
