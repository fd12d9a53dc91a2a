using RunnerBuild.Config;
using RunnerBuild.Remote;
using RunnerBuild.Remote.Proxmox;

namespace RunnerBuild.Applying;

/// <summary>The fleet's Proxmox clusters, each connected to when it is first asked for, once for all of its hosts.</summary>
internal sealed class Clusters(Fleet fleet, SecretStore secrets) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private readonly Dictionary<string, (ProxmoxClient Client, VirtualMachines Machines)> _connected = [];

    public async Task<VirtualMachines> OfAsync(Host host, CancellationToken cancel) => (await ConnectedAsync(host.Vm?.Cluster, cancel)).Machines;

    public async Task<VirtualMachineSnapshots> SnapshotsAsync(Host host, CancellationToken cancel)
    {
        var (client, machines) = await ConnectedAsync(host.Vm?.Cluster, cancel);
        return new(client, machines, host);
    }

    /// <param name="name">Null: the one in `proxmox`.</param>
    public async Task<ProxmoxClient> ClientAsync(string? name, CancellationToken cancel) => (await ConnectedAsync(name, cancel)).Client;

    private async Task<(ProxmoxClient Client, VirtualMachines Machines)> ConnectedAsync(string? name, CancellationToken cancel)
    {
        var endpoint = (name is null ? fleet.Proxmox : fleet.Clusters.GetValueOrDefault(name))
            ?? throw new ConfigurationException("The fleet has hosts with `vm:` and no `proxmox:`.", "There is nowhere to create them.", "Add the endpoint, or remove `vm:` from hosts that exist already.");
        await _one.WaitAsync(cancel);
        try
        {
            if (_connected.TryGetValue(name ?? "", out var connected))
                return connected;
            var client = new ProxmoxClient(endpoint, await secrets.FetchAsync(endpoint.Login.Secret, cancel), TimeProvider.System);
            return _connected[name ?? ""] = (client, new VirtualMachines(client));
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose()
    {
        foreach (var (client, machines) in _connected.Values)
        {
            machines.Dispose();
            client.Dispose();
        }

        _one.Dispose();
    }
}
