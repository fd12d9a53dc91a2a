using Supervisor.Docker;
using Supervisor.Systemd;

namespace Supervisor.Jobs;

/// <summary>The modes of Docker for jobs, by the name that settings use.</summary>
internal sealed class JobEngines(DockerEngine engine, DockerLocations locations, DescriptorStore store, EventLog log) : IAsyncDisposable
{
    private readonly NoEngine none = new();
    private readonly OwnEngine dind = new();
    private readonly HostEngine socket = new(engine, locations, store, log);

    public JobEngine Of(string mode) => mode switch
    {
        "dind" => dind,
        "socket" => socket,
        _ => none,
    };

    public ValueTask DisposeAsync() => socket.DisposeAsync();
}

/// <summary>Where on this host what is.</summary>
/// <param name="Host">The host's own name, which begins every runner's.</param>
/// <param name="EngineSocket">Docker Engine's own socket.</param>
/// <param name="Sockets">Folder for the sockets that jobs get; what is in it must outlive this program's process.</param>
/// <param name="Ledger">File that remembers what jobs made in Docker.</param>
internal sealed record DockerLocations(string Host, string EngineSocket, string Sockets, string Ledger);
