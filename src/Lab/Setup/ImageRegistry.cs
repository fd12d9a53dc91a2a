using System.Net;
using System.Net.Http.Headers;

namespace Lab.Setup;

/// <summary>
/// The registry that machines pull from. It listens twice over one directory: for the machines on the network's gateway, and for this machine
/// on loopback, which every engine accepts without TLS and without a change to its configuration.
/// </summary>
internal sealed record ImageRegistry(LabOptions Options, LabFiles Files, Action<string> Say)
{
    private const string Repository = "library/debian";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private string Loopback => $"127.0.0.1:{Options.Ports.Registry}";

    public async Task EnsureAsync(bool baseIsNew, CancellationToken cancel)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        foreach (var (name, address) in new[] { ("registry-loopback", Loopback), ("registry-network", Options.Registry) })
            await EnsureRunningAsync(http, name, address, cancel);
        if (baseIsNew || !await HasBaseAsync(http, cancel))
            await PushAsync(cancel);
    }

    public static async Task StopAsync(string processes, CancellationToken cancel)
    {
        await Daemon.StopAsync(processes, "registry-loopback", TimeSpan.FromSeconds(5), cancel);
        await Daemon.StopAsync(processes, "registry-network", TimeSpan.FromSeconds(5), cancel);
    }

    private async Task EnsureRunningAsync(HttpClient http, string name, string address, CancellationToken cancel)
    {
        var configuration = Path.Combine(Files.Registry, $"{address.Replace(':', '-')}.yml");
        var daemon = new Daemon(name, new("docker-registry", "serve", configuration), Path.Combine(Files.Root, "registry.log"), Files.Processes);
        if (daemon.IsRunning)
            return;
        await Daemon.StopAsync(Files.Processes, name, TimeSpan.FromSeconds(5), cancel);
        Ports.RequireFree(address, "registry");
        Directory.CreateDirectory(Files.Registry);
        await File.WriteAllTextAsync(configuration, Configuration(address), cancel);
        Say($"registry: starting on {address}");
        await daemon.StartAsync(token => AnswersAsync(http, address, token), Patience, cancel);
    }

    private string Configuration(string address) =>
        $$"""
        version: 0.1
        log:
          level: warn
          accesslog: {disabled: true}
        storage:
          filesystem:
            rootdirectory: '{{Path.Combine(Files.Registry, "data").Replace("'", "''")}}'
        http:
          addr: {{address}}

        """;

    private static async Task<bool> AnswersAsync(HttpClient http, string address, CancellationToken cancel)
    {
        try
        {
            using var response = await http.GetAsync(new Uri($"http://{address}/v2/"), cancel);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<bool> HasBaseAsync(HttpClient http, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, $"http://{Loopback}/v2/{Repository}/manifests/{DebianArchive.Suite}");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/vnd.docker.distribution.manifest.v2+json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/vnd.oci.image.manifest.v1+json"));
        using var response = await http.SendAsync(request, cancel);
        return response.IsSuccessStatusCode;
    }

    private async Task PushAsync(CancellationToken cancel)
    {
        var target = $"{Loopback}/{Repository}:{DebianArchive.Suite}";
        Say($"registry: pushing {Options.BaseImage} as {Options.Registry}/{Repository}:{DebianArchive.Suite}");
        await Docker.RunAsync(["tag", Options.BaseImage, target], cancel);
        await Docker.RunAsync(["push", target], cancel);
        await Docker.RunAsync(["rmi", target], cancel);
    }
}
