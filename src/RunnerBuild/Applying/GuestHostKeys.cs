using RunnerBuild.Desired;
using RunnerBuild.Remote.Proxmox;

namespace RunnerBuild.Applying;

/// <summary>
/// Learns a guest's SSH host keys from inside it, through its agent. On a first boot cloud-init makes new ones,
/// so keys count only when cloud-init has ended or they have not changed for a while.
/// </summary>
internal sealed class GuestHostKeys(ProxmoxClient client, GuestId vm)
{
    private static readonly string[] Kinds = ["ed25519", "ecdsa", "rsa"];
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Stable = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly GuestAgent _agent = new(client, vm);

    public async Task<IReadOnlyList<string>?> ReadAsync(CancellationToken cancel)
    {
        var (started, changed) = (client.Time.GetTimestamp(), client.Time.GetTimestamp());
        for (IReadOnlyList<string> before = []; client.Time.GetElapsedTime(started) < Limit;)
        {
            try
            {
                var done = await _agent.FileAsync("/run/cloud-init/result.json", cancel) is not null;
                var keys = await KeysAsync(cancel);
                if (!keys.SequenceEqual(before))
                    (before, changed) = (keys, client.Time.GetTimestamp());
                if (keys.Count > 0 && (done || client.Time.GetElapsedTime(changed) > Stable))
                    return keys;
            }
            catch (ProxmoxException fault) when (fault.Fault is ProxmoxFault.Forbidden or ProxmoxFault.AgentMissing or ProxmoxFault.AgentSilent or ProxmoxFault.NotRunning)
            {
                return null;
            }
            catch (ProxmoxException fault) when (fault.Fault is ProxmoxFault.Busy)
            {
                // The agent answers one question at a time; it is asked again below.
            }

            await Task.Delay(Pause, client.Time, cancel);
        }

        return null;
    }

    // One after the other: an agent has one channel.
    private async Task<IReadOnlyList<string>> KeysAsync(CancellationToken cancel)
    {
        List<string> keys = [];
        foreach (var kind in Kinds)
        {
            var text = await _agent.FileAsync($"/etc/ssh/ssh_host_{kind}_key.pub", cancel);
            if (text?.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var type, var body, ..])
                keys.Add($"{type} {body}");
        }

        return keys;
    }
}
