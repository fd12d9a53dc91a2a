using System.Net;
using System.Net.Sockets;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Remote.Proxmox;

namespace RunnerBuild.Applying;

/// <summary>
/// Waits for a started machine. The agent tells the address of the machine's own card, known by its MAC, since containers
/// inside bring cards of their own; SSH must answer as well. A missing or silent agent is done without: not every image has one.
/// </summary>
internal sealed class VirtualMachineReadiness(ProxmoxClient client, VirtualMachineObservation observation, Host host)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AgentPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly VirtualMachine _want = VirtualMachine.Of(host);
    private long? _sshSince;

    public async Task WaitAsync(IProgress<string> progress, CancellationToken cancel)
    {
        var started = client.Time.GetTimestamp();
        for (string? reported = null; ;)
        {
            var missing = await MissingAsync(progress, cancel);
            if (missing is null)
                return;
            if (client.Time.GetElapsedTime(started) > Limit)
                throw new RunnerBuildException($"{host.Name} was not ready within {Limit.TotalMinutes:0} minutes of its start.", $"Last seen: {missing}.",
                    $"Look at the console of {_want.Id} in Proxmox's web interface; when it serves, run the same target again.");
            if (missing != reported)
                progress.Report($"waiting: {missing}");
            reported = missing;
            await Task.Delay(Pause, client.Time, cancel);
        }
    }

    /// <summary>What is still missing, or null when all is there.</summary>
    private async Task<string?> MissingAsync(IProgress<string> progress, CancellationToken cancel)
    {
        if (await observation.OfAsync(_want, cancel) is not VirtualMachineFacts.Present { Running: true } present)
            return $"{_want.Id} is not running";
        var ssh = await SshBanner.AnswersAsync(host.Ssh.Address, host.Ssh.Port, cancel);
        _sshSince = ssh ? _sshSince ?? client.Time.GetTimestamp() : null;
        var address = await AddressAsync(present, progress, cancel);
        return address ?? (ssh ? null : $"no SSH server answers at {host.Ssh.Address}:{host.Ssh.Port}");
    }

    private async Task<string?> AddressAsync(VirtualMachineFacts.Present present, IProgress<string> progress, CancellationToken cancel)
    {
        try
        {
            var mac = GuestAgent.MacOf(present.Config.GetValueOrDefault("net0"));
            return Missing(await new GuestAgent(client, _want.Id).CardAsync(mac, cancel), mac);
        }
        catch (ProxmoxException fault) when (fault.Fault is ProxmoxFault.Forbidden or ProxmoxFault.AgentMissing)
        {
            return null;
        }
        catch (ProxmoxException fault) when (fault.Fault is not (ProxmoxFault.Unauthorized or ProxmoxFault.Untrusted))
        {
            // Errors of the agent are normal while the guest boots.
            if (_sshSince is not { } since || client.Time.GetElapsedTime(since) < AgentPatience)
                return $"the guest agent does not answer: {fault.Why}";
            progress.Report($"the guest agent of {_want.Id} does not answer; going on with SSH alone");
            return null;
        }
    }

    private string? Missing(GuestInterface? card, string mac)
    {
        if (card is null)
            return $"the guest has no network card {mac}";
        var usable = card.Usable;
        var there = _want.Spec.Ip is { } wanted ? usable.Contains(wanted.Address) : usable.Any(address => address.AddressFamily == AddressFamily.InterNetwork);
        var seen = usable.Length == 0 ? "no address" : string.Join<IPAddress>(", ", usable);
        return there ? null : $"the guest's {card.Name} has {seen}, wanted is {(object?)_want.Spec.Ip ?? "one from DHCP"}";
    }
}
