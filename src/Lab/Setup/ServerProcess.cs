using System.Globalization;

namespace Lab.Setup;

/// <summary>
/// `lab serve`, detached. It runs from a copy of the program in the state directory, because a build may overwrite the original under it;
/// each version has a copy of its own, so another version has another command line and replaces the one that runs.
/// </summary>
internal sealed record ServerProcess(LabOptions Options, LabFiles Files, Action<string> Say)
{
    private const string Name = "server";
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task EnsureAsync(CancellationToken cancel)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var daemon = Daemon();
        if (daemon.IsRunning && await IsHealthyAsync(http, cancel))
            return;
        var copy = new ProgramCopy(AppContext.BaseDirectory, ProgramDirectory, LabRecord.CurrentVersion);
        // While the server of before still runs.
        copy.RequireUnchanged();
        var replaced = await StopAsync(Files.Processes, cancel);
        if (Directory.Exists(Files.Programs))
            Directory.Delete(Files.Programs, recursive: true);
        copy.Make();
        foreach (var (address, option) in Addresses())
            Ports.RequireFree(address, option);
        Say($"server: {(replaced ? "replacing the one that runs" : "starting")}");
        await daemon.StartAsync(token => IsHealthyAsync(http, token), Patience, cancel);
    }

    public static Task<bool> StopAsync(string processes, CancellationToken cancel) => Setup.Daemon.StopAsync(processes, Name, Grace, cancel);

    private string ProgramDirectory => Path.Combine(Files.Programs, LabRecord.CurrentVersion);

    private Daemon Daemon() => new(Name, new(DotNet.Host, [Path.Combine(ProgramDirectory, "Lab.dll"), .. Arguments()]), Files.Log, Files.Processes);

    private IEnumerable<string> Arguments() =>
    [
        "serve", "--state", Options.State, "--name", Options.Name, "--subnet", $"{Options.Subnet}",
        "--proxmox-port", Text(Options.Ports.Proxmox), "--github-port", Text(Options.Ports.GitHub),
        "--registry-port", Text(Options.Ports.Registry), "--control-port", Text(Options.Ports.Control), "--proxmox-version", Options.ProxmoxVersion,
    ];

    private IEnumerable<(string Address, string Option)> Addresses() =>
    [
        ($"127.0.0.1:{Options.Ports.Proxmox}", "proxmox"), ($"127.0.0.1:{Options.Ports.GitHub}", "github"),
        ($"{Options.Gateway}:{Options.Ports.GitHub}", "github"), ($"127.0.0.1:{Options.Ports.Control}", "control"),
    ];

    private async Task<bool> IsHealthyAsync(HttpClient http, CancellationToken cancel)
    {
        try
        {
            var health = await http.GetFromJsonAsync<Health>(new Uri(Options.ControlUrl, "health"), cancel);
            return health == new Health(LabRecord.CurrentVersion, Options.State);
        }
        catch (Exception e) when (e is HttpRequestException or System.Text.Json.JsonException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
