using Lab.Proxmox.Machines;
using Lab.Proxmox.Schema;
using Lab.Proxmox.Wire;
using static Lab.Proxmox.Schema.Parameter;

namespace Lab.Proxmox.Calls;

/// <summary>`…/status/start|stop|shutdown|reboot`. Faults of start, stop and shutdown show in their tasks, never in the answer.</summary>
internal static class PowerCalls
{
    private const string Path = "/nodes/{node}/qemu/{vmid}/status/";
    private const int ShutdownSeconds = 60;

    public static void Add(CallTable calls, Site site)
    {
        Add(
            calls,
            site,
            "start",
            [
                Text("force-cpu"),
                Text("machine"),
                Text("migratedfrom", "pve-node"),
                Text("stateuri").AtMost(128),
                Text("targetstorage"),
                Choice("migration_type", "secure", "insecure"),
                Text("migration_network"),
            ],
            (request, abort) => StartAsync(request.Node, request.VmId, site, abort)
        );
        Parameter[] overrule = site.Version.Major >= 8 ? [Flag("overrule-shutdown")] : [];
        Add(
            calls,
            site,
            "stop",
            [Flag("keepActive"), Text("migratedfrom", "pve-node"), .. overrule],
            (request, abort) => StopAsync(request, TimeSpan.Zero, site, abort)
        );
        Add(
            calls,
            site,
            "shutdown",
            [Flag("forceStop"), Flag("keepActive")],
            (request, abort) => StopAsync(request, TimeSpan.FromSeconds(request.Integer("timeout", ShutdownSeconds)), site, abort)
        );
        calls.Add(
            "POST",
            Path + "reboot",
            Permissions.On("/vms/{vmid}", "VM.PowerMgmt"),
            site.OnMachine([Timeout]),
            (request, cancel) => RebootAsync(request, site, cancel)
        );
    }

    private static Parameter Timeout => Integer("timeout", 0).Optional();

    private static void Add(CallTable calls, Site site, string verb, Parameter[] more, Func<ApiRequest, CancellationToken, Task> act) =>
        calls.Add(
            "POST",
            Path + verb,
            Permissions.On("/vms/{vmid}", "VM.PowerMgmt"),
            site.OnMachine([Timeout, Flag("skiplock").Optional(), .. more.Select(parameter => parameter.Optional())]),
            request => site.Workers.Start(request.Node, $"qm{verb}", $"{request.VmId}", request.Caller, (_, abort) => act(request, abort))
        );

    internal static async Task StartAsync(string node, int vmId, Site site, CancellationToken cancel)
    {
        var guest = site.Cluster.Read(content => content.UnlockedMachine(node, vmId));
        if (site.Cluster.Read(_ => guest.IsTemplate))
            throw ApiException.Internal("you can't start a vm if it's a template");
        if (await site.IsRunningAsync(guest, cancel))
            throw ApiException.Internal($"VM {vmId} already running");
        var spec = site.Cluster.Change(_ =>
        {
            guest.ApplyPending();
            CloudInitCalls.WriteDrive(guest);
            return MachineSpecs.For(guest);
        });
        await site.Machines.StartAsync(spec, cancel);
        site.Cluster.Change(content =>
        {
            guest.StartedAt = site.Time.GetUtcNow();
            guest.ProcessId = content.NextPid++;
        });
    }

    private static async Task StopAsync(ApiRequest request, TimeSpan grace, Site site, CancellationToken cancel)
    {
        var guest = site.Cluster.Read(content => content.UnlockedMachine(request.Node, request.VmId));
        if (await site.IsRunningAsync(guest, cancel))
            await site.Machines.StopAsync(request.VmId, grace, cancel);
        site.Cluster.Change(_ => guest.StartedAt = null);
    }

    private static async Task<object?> RebootAsync(ApiRequest request, Site site, CancellationToken cancel)
    {
        var guest =
            site.Cluster.Read(content => content.FindMachine(request.Node, request.VmId))
            ?? throw ApiException.Internal($"unable to find configuration file for VM {request.VmId} on node '{request.Node}'");
        if (!await site.IsRunningAsync(guest, cancel))
            throw ApiException.Internal($"VM {request.VmId} not running");
        return site.Workers.Start(
            request.Node,
            "qmreboot",
            $"{request.VmId}",
            request.Caller,
            async (_, abort) =>
            {
                await StopAsync(request, TimeSpan.FromSeconds(request.Integer("timeout", ShutdownSeconds)), site, abort);
                // The real task ends when the machine is down, too; another process then starts it again, a moment later.
                site.Workers.Start(
                    request.Node,
                    "qmstart",
                    $"{request.VmId}",
                    "root@pam",
                    (_, later) => StartAsync(request.Node, request.VmId, site, later)
                );
            }
        );
    }
}
