using System.Collections.Immutable;
using Lab.Proxmox.Access;
using Lab.Proxmox.Calls;
using Lab.Proxmox.Faults;
using Lab.Proxmox.State;
using Lab.Proxmox.Wire;

namespace Lab.Proxmox;

/// <summary>
/// A double of the Proxmox VE API as far as creating, changing and destroying a virtual machine needs it: the wire's rules, permissions, parameter checks,
/// tasks, locks, digests and pending changes are those of the real one; the machines are whatever <see cref="IVirtualMachines"/> makes of them.
/// </summary>
internal sealed class ProxmoxDouble
{
    private readonly Gateway _gateway;
    private readonly RequestLog _log;

    public ProxmoxDouble(ProxmoxOptions options, IVirtualMachines machines, TimeProvider time)
    {
        var version = ProxmoxVersion.Parse(options.Version);
        var cluster = new Cluster(options);
        var access = new AccessRules(options, new(version, options.Roles), cluster);
        var login = new Login(options, time);
        Faults = new(options.Faults.Concat(options.OfflineNodes.Select(node => new Fault(FaultKind.NodeOffline, Text: node))));
        var site = new Site(options, version, cluster, access, new(cluster, options, Faults, time), machines, Faults, time);
        _log = new(options.RequestLog);
        _gateway = new(site, Calls(site, login), login, _log);
    }

    /// <summary>What goes wrong, to be switched on and off.</summary>
    public FaultSwitch Faults { get; }

    /// <summary>The last requests, oldest first; those that were refused for who sent them are not among them.</summary>
    public ImmutableArray<LoggedRequest> Requests => _log.Requests;

    /// <summary>Ends the pipeline: every request is answered here. The listener must speak HTTP/1.1 only, for HTTP/2 has no reason phrases.</summary>
    public void Use(IApplicationBuilder app) => app.Run(_gateway.HandleAsync);

    private static CallTable Calls(Site site, Login login)
    {
        var calls = new CallTable();
        AccessCalls.Add(calls, site, login);
        ClusterCalls.Add(calls, site);
        NodeCalls.Add(calls, site);
        TaskCalls.Add(calls, site);
        GuestCalls.Add(calls, site);
        CreateCall.Add(calls, site);
        PoolCalls.Add(calls, site);
        StorageCalls.Add(calls, site);
        CloneCall.Add(calls, site);
        ConfigCalls.Add(calls, site);
        ResizeCall.Add(calls, site);
        SnapshotCalls.Add(calls, site);
        PowerCalls.Add(calls, site);
        AgentCalls.Add(calls, site);
        CloudInitCalls.Add(calls, site);
        return calls;
    }
}
