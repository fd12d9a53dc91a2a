using System.Text.Json;

namespace Integration.Running;

/// <summary>What the slots of a host did meanwhile, looked at about three times a second by the host itself.</summary>
internal sealed class CapacityWatch
{
    private const string Unit = "capacity-watch";

    private readonly LabFixture _lab;
    private readonly string _host;

    private CapacityWatch(LabFixture lab, string host) => (_lab, _host) = (lab, host);

    public static async Task<CapacityWatch> StartAsync(LabFixture lab, string host)
    {
        await lab.OnHostAsync(
            host,
            $"rm -f /run/{Unit}; systemd-run --quiet --collect --unit={Unit} bash -c 'while sleep 0.3; do /opt/github-runners/bin/runnerctl status --json | tr -d \"\\n\"; echo; done >/run/{Unit}'");
        return new CapacityWatch(lab, host);
    }

    /// <returns>The most slots that were away at once though no job of their own had just ended there, and how often it was looked.</returns>
    public async Task<(int Away, int Looks)> EndAsync()
    {
        var lines = (await _lab.OnHostAsync(_host, $"systemctl stop {Unit}; cat /run/{Unit}")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var idle = new Dictionary<string, bool>();
        var most = 0;
        foreach (var line in lines)
        {
            using var status = JsonDocument.Parse(line);
            var away = 0;
            foreach (var slot in status.RootElement.GetProperty("slots").EnumerateArray().Where(slot => !slot.GetProperty("pool").GetString()!.StartsWith("candidate-", StringComparison.Ordinal)))
            {
                var (name, state) = (slot.GetProperty("name").GetString()!, slot.GetProperty("state").GetString());
                if (state is "Idle" or "Busy")
                    idle[name] = state == "Idle";
                else if (idle.GetValueOrDefault(name))
                    away++;
            }

            most = Math.Max(most, away);
        }

        return (most, lines.Length);
    }
}
