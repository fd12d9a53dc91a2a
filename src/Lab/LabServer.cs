using System.Net;
using Lab.GitHub;
using Lab.Hosts;
using Lab.Proxmox;
using Lab.Setup;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Lab;

/// <summary>
/// `lab serve`: the two doubles and the control API. Each is a server of its own, so that no header lets a job which reaches the GitHub double
/// reach the control API as well.
/// </summary>
internal sealed class LabServer(LabOptions options)
{
    // Runners hold their polls open for longer than anybody wants to wait.
    private static readonly TimeSpan Shutdown = TimeSpan.FromSeconds(2);

    private readonly LabFiles _files = new(options.State);

    public async Task RunAsync(CancellationToken cancel)
    {
        using var machines = new ContainerMachines(options, VmImage.Tag(options));
        await machines.ResumeAsync(cancel);
        using var gitHub = new GitHubDouble(GitHubOptions(), TimeProvider.System);
        await using var gitHubServer = GitHubServer(gitHub);
        var proxmox = new ProxmoxDouble(ProxmoxOptions(), machines, TimeProvider.System);
        await using var proxmoxServer = ProxmoxServer(proxmox);
        await using var control = Server(kestrel => kestrel.Listen(IPAddress.Loopback, options.Ports.Control));
        ControlApi.Map(control, gitHub, proxmox.Faults, new(LabRecord.CurrentVersion, options.State));
        await gitHubServer.StartAsync(cancel);
        await proxmoxServer.StartAsync(cancel);
        LabRecord.Of(options, Environment.ProcessId).Write(_files.Record);
        // Last, because its answer says that all the rest is there.
        await control.StartAsync(cancel);
        await control.WaitForShutdownAsync(cancel);
        await Task.WhenAll(gitHubServer.StopAsync(CancellationToken.None), proxmoxServer.StopAsync(CancellationToken.None));
    }

    private WebApplication GitHubServer(GitHubDouble gitHub)
    {
        var server = Server(kestrel =>
        {
            kestrel.Listen(options.Gateway, options.Ports.GitHub);
            kestrel.Listen(IPAddress.Loopback, options.Ports.GitHub);
            // `config.sh` leaves out the port of the address that it is given.
            if (Ports.IsFree(new(options.Gateway, 80)))
                kestrel.Listen(options.Gateway, 80);
        });
        gitHub.Map(server);
        return server;
    }

    private WebApplication ProxmoxServer(ProxmoxDouble proxmox)
    {
        var certificate = ProxmoxCertificate.LoadOrCreate(_files.Certificate);
        var server = Server(kestrel => kestrel.Listen(IPAddress.Loopback, options.Ports.Proxmox, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.UseHttps(certificate);
        }));
        proxmox.Use(server);
        return server;
    }

    private static WebApplication Server(Action<KestrelServerOptions> listen)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole(format =>
        {
            format.SingleLine = true;
            format.UseUtcTimestamp = true;
            format.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss'Z' ";
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Shutdown);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(listen);
        return builder.Build();
    }

    private ProxmoxOptions ProxmoxOptions() => new()
    {
        Version = options.ProxmoxVersion,
        Tokens = [new(Credentials.ProxmoxTokenId, Secret(_files.ProxmoxToken))],
        Fingerprint = Secret(_files.Fingerprint),
        StateFile = _files.ProxmoxState,
        RequestLog = _files.ProxmoxRequests,
    };

    private GitHubOptions GitHubOptions() => new()
    {
        PublicUrl = options.GitHubUrl.GetLeftPart(UriPartial.Authority),
        StateFile = _files.GitHubState,
        WorkflowsDirectory = _files.Workflows,
        ReleasesDirectory = _files.Releases,
        AdminTokenFile = _files.GitHubToken,
        // Enterprise Cloud's: a lab has one credential for everything.
        CallsAnHour = 15_000,
    };

    private static string Secret(string file) => File.ReadAllText(file).Trim();
}
