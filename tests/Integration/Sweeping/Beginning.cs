using System.Text.Json;
using Integration.Running;

namespace Integration.Sweeping;

/// <summary>Where a sweep starts from: the first host of the fleet without anything that a deployment brings about.</summary>
internal static class Beginning
{
    // Docker Engine and the runner image stay, which take minutes to make; the engine's settings are an earlier owner's.
    private const string TakeOff = """
        set -eu
        [ ! -e /etc/systemd/system/github-docker-runners.service ] || systemctl disable --now github-docker-runners.service
        rm -rf /etc/systemd/system/{github-docker-runners.service,apt-daily-upgrade.service.d} /etc/apt/apt.conf.d/52github-runners
        rm -rf /opt/github-runners /etc/github-runners /var/lib/github-runners
        rm -f /etc/docker/daemon.json.before
        echo '{ "debug": false }' >/etc/docker/daemon.json
        systemctl daemon-reload
        ! id github-runner 2>/dev/null || userdel github-runner
        """;

    public static Task TakeOffAsync(string container) => Machine.RunAsync(container, TakeOff);

    /// <summary>Destroys the machine as Proxmox would; its registrations go too, as they would in time.</summary>
    public static async Task DestroyAsync(LabFixture lab, int vmId, string container)
    {
        await Machine.TryAsync(container, "systemctl stop github-docker-runners.service");
        using var proxmox = lab.ProxmoxClient();
        foreach (var (method, path) in new[] { (HttpMethod.Post, $"{vmId}/status/stop"), (HttpMethod.Delete, $"{vmId}") })
        {
            using var request = new HttpRequestMessage(method, $"nodes/pve/qemu/{path}");
            using var response = await proxmox.SendAsync(request, TestContext.Current.CancellationToken);
            response.EnsureSuccessStatusCode();
            await EndedAsync(proxmox, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    private static async Task EndedAsync(HttpClient proxmox, string answer)
    {
        using var task = JsonDocument.Parse(answer);
        var path = $"nodes/pve/tasks/{Uri.EscapeDataString(task.RootElement.GetProperty("data").GetString()!)}/status";
        await Eventually.Async(
            () => proxmox.GetStringAsync(path, TestContext.Current.CancellationToken), status => status.Contains("\"stopped\"", StringComparison.Ordinal), TimeSpan.FromSeconds(60));
    }
}
