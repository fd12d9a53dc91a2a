using System.Collections.Concurrent;
using Lab.Proxmox.Schema;
using Lab.Proxmox.Wire;
using static Lab.Proxmox.Schema.Parameter;

namespace Lab.Proxmox.Calls;

/// <summary>`…/agent/…`: questions and commands to the guest itself.</summary>
internal sealed class AgentCalls(Site site)
{
    private static readonly string[] ReleaseKeys = ["ID", "NAME", "PRETTY_NAME", "VERSION", "VERSION_ID"];
    private const string Path = "/nodes/{node}/qemu/{vmid}/agent/";
    private readonly ConcurrentDictionary<(int VmId, int Pid), Task<GuestCommandResult>> _commands = new();
    private int _lastPid = 1000;

    public static void Add(CallTable calls, Site site)
    {
        var agent = new AgentCalls(site);
        var asking = Permissions.Agent(site.Version, "VM.GuestAgent.Audit");
        var commanding = Permissions.Agent(site.Version, "VM.GuestAgent.Unrestricted");
        var command = site.Version.ExecTakesArray ? new Parameter("command", ValueKind.Array) : Text("command").Optional();
        Parameter[] part = site.Version.ReadsFilesInParts
            ? [Integer("count", 1, 16777216).Optional(), Integer("offset", 0).Optional(), Flag("decode").Optional()]
            : [];
        calls.Add("POST", Path + "ping", asking, site.OnMachine([]), agent.PingAsync);
        calls.Add("GET", Path + "network-get-interfaces", asking, site.OnMachine([]), agent.InterfacesAsync);
        calls.Add("GET", Path + "get-osinfo", asking, site.OnMachine([]), agent.OsInfoAsync);
        calls.Add(
            "POST",
            Path + "exec",
            commanding,
            site.OnMachine([command, Text("input-data").AtMost(65536).Optional()]),
            agent.ExecAsync
        );
        calls.Add("GET", Path + "exec-status", commanding, site.OnMachine([Integer("pid")]), agent.ExecStatusAsync);
        calls.Add(
            "GET",
            Path + "file-read",
            Permissions.Agent(site.Version, "VM.GuestAgent.FileRead"),
            site.OnMachine([Text("file"), .. part]),
            agent.FileReadAsync
        );
    }

    private async Task DemandAsync(ApiRequest request, CancellationToken cancel)
    {
        var guest = site.Cluster.Read(content => content.Machine(request.Node, request.VmId));
        if (!site.Cluster.Read(_ => ConfigValues.HasAgent(guest.Config)))
            throw ApiException.Internal("No QEMU guest agent configured");
        if (!await site.IsRunningAsync(guest, cancel))
            throw ApiException.Internal($"VM {request.VmId} is not running");
        if (!await site.Machines.IsReadyAsync(request.VmId, cancel))
            throw ApiException.Internal("QEMU guest agent is not running");
    }

    private async Task<object?> PingAsync(ApiRequest request, CancellationToken cancel)
    {
        await DemandAsync(request, cancel);
        return Result(new Dictionary<string, object?>());
    }

    private async Task<object?> InterfacesAsync(ApiRequest request, CancellationToken cancel)
    {
        await DemandAsync(request, cancel);
        var interfaces = await site.Machines.InterfacesAsync(request.VmId, cancel);
        return Result(
            interfaces
                .Select(card => new Dictionary<string, object?>
                {
                    ["name"] = card.Name,
                    ["hardware-address"] = card.HardwareAddress.ToLowerInvariant(),
                    ["ip-addresses"] = card
                        .Addresses.Select(entry => new Dictionary<string, object?>
                        {
                            ["ip-address"] = entry.Address,
                            ["ip-address-type"] = entry.Address.Contains(':', StringComparison.Ordinal) ? "ipv6" : "ipv4",
                            ["prefix"] = entry.Prefix,
                        })
                        .ToList(),
                })
                .ToList()
        );
    }

    private async Task<object?> OsInfoAsync(ApiRequest request, CancellationToken cancel)
    {
        await DemandAsync(request, cancel);
        var release = await RunAsync(request.VmId, ["cat", "/etc/os-release"], cancel);
        var kernel = await RunAsync(request.VmId, ["uname", "-r", "-m"], cancel);
        var values = release
            .Split('\n')
            .Select(line => line.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1].Trim('"'));
        var info = ReleaseKeys
            .Where(values.ContainsKey)
            .ToDictionary(key => key.ToLowerInvariant().Replace('_', '-'), key => (object?)values[key]);
        info["kernel-release"] = kernel.Split(' ')[0];
        info["machine"] = kernel.Trim().Split(' ')[^1];
        return Result(info);
    }

    private async Task<object?> ExecAsync(ApiRequest request, CancellationToken cancel)
    {
        await DemandAsync(request, cancel);
        var command = request.List("command");
        if (command.Count == 0)
            throw ApiException.Internal("no command given");
        var pid = Interlocked.Increment(ref _lastPid);
        // The command outlives the request that started it.
        _commands[(request.VmId, pid)] = site.Machines.ExecuteAsync(
            request.VmId,
            command,
            request.Text("input-data"),
            CancellationToken.None
        );
        return new Dictionary<string, object?> { ["pid"] = pid };
    }

    private async Task<object?> ExecStatusAsync(ApiRequest request, CancellationToken cancel)
    {
        await DemandAsync(request, cancel);
        var key = (request.VmId, request.Integer("pid", 0));
        if (!_commands.TryGetValue(key, out var command))
            throw ApiException.Internal($"Agent error: PID {key.Item2} does not exist");
        if (!command.IsCompleted)
            return new Dictionary<string, object?> { ["exited"] = 0 };
        _commands.TryRemove(key, out _);
        var result = await command;
        var status = new Dictionary<string, object?> { ["exited"] = 1, ["exitcode"] = result.ExitCode };
        if (result.Output.Length > 0)
            status["out-data"] = result.Output;
        if (result.Error.Length > 0)
            status["err-data"] = result.Error;
        return status;
    }

    private async Task<object?> FileReadAsync(ApiRequest request, CancellationToken cancel)
    {
        await DemandAsync(request, cancel);
        var result = await site.Machines.ExecuteAsync(request.VmId, ["cat", "--", request["file"]], null, cancel);
        if (result.ExitCode != 0)
            throw ApiException.Internal(
                $"Agent error: failed to open file '{request["file"]}' (mode: 'r'): {result.Error.Trim().Split(": ")[^1]}"
            );
        var content = result.Output[Math.Min(request.Integer("offset", 0), result.Output.Length)..];
        var count = Math.Min(request.Integer("count", 16777216), content.Length);
        var part = new Dictionary<string, object?> { ["content"] = content[..count], ["bytes-read"] = count };
        if (count < content.Length)
            part["truncated"] = 1;
        return part;
    }

    private async Task<string> RunAsync(int vmId, string[] command, CancellationToken cancel)
    {
        var result = await site.Machines.ExecuteAsync(vmId, command, null, cancel);
        return result.ExitCode == 0
            ? result.Output
            : throw ApiException.Internal($"Agent error: {command[0]} exited with {result.ExitCode}: {result.Error.Trim()}");
    }

    private static Dictionary<string, object?> Result(object result) => new() { ["result"] = result };
}
