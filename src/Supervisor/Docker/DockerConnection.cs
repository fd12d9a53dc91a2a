using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Supervisor.Docker;

/// <summary>HTTP to Docker Engine over its unix socket, in the engine's own API version. Every request has a deadline; faults are <see cref="DockerFault"/>.</summary>
internal sealed class DockerConnection : IDisposable
{
    private static readonly Version oldest = new(1, 41);
    private readonly HttpClient client;
    private readonly string socketPath;
    private string? version;

    public DockerConnection(string socketPath)
    {
        this.socketPath = socketPath;
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            ConnectCallback = async (_, cancel) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancel);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        client = new HttpClient(handler) { BaseAddress = new Uri("http://docker/"), Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The engine's socket: <c>DOCKER_HOST=unix://PATH</c>, else the standard one.</summary>
    public static string SocketFromEnvironment() => Environment.GetEnvironmentVariable("DOCKER_HOST") switch
    {
        null or "" => "/var/run/docker.sock",
        var host when host.StartsWith("unix://", StringComparison.Ordinal) => host["unix://".Length..],
        var host => throw new DockerFault(null, $"DOCKER_HOST is '{host}'; runner containers are made on this host's own engine, so it should be unix://PATH or not set."),
    };

    /// <summary>Sends and returns the answer, whatever its status below 500 in <paramref name="expected"/> says; other statuses throw.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, TimeSpan deadline, HttpStatusCode[] expected, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(deadline);
        try
        {
            using var request = new HttpRequestMessage(method, $"v{await VersionAsync(limit.Token)}{path}") { Content = content };
            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (response.IsSuccessStatusCode || Array.IndexOf(expected, response.StatusCode) >= 0)
                return response;
            using (response)
                throw await FaultOfAsync(response, limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new DockerFault(null, $"Docker Engine did not answer {method} {path} within {deadline.TotalSeconds:0} s.");
        }
        catch (Exception fault) when (fault is HttpRequestException or SocketException or IOException)
        {
            version = null;
            throw new DockerFault(null, $"Docker Engine cannot be reached at {socketPath} ({(fault.InnerException ?? fault).Message}).", fault);
        }
    }

    public void Dispose() => client.Dispose();

    private async Task<string> VersionAsync(CancellationToken cancel)
    {
        if (version is not null)
            return version;

        using var response = await client.GetAsync("_ping", cancel);
        var offered = response.Headers.TryGetValues("Api-Version", out var values) ? values.First() : "none";
        if (!Version.TryParse(offered, out var parsed) || parsed < oldest)
            throw new DockerFault(response.StatusCode, $"Docker Engine speaks API version {offered}; {oldest} (Docker 20.10) or later is needed.");
        return version = offered;
    }

    private async Task<DockerFault> FaultOfAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var text = await response.Content.ReadAsStringAsync(cancel);
        // An engine that was exchanged while this program ran speaks another version: ask again next time.
        if (response.StatusCode == HttpStatusCode.BadRequest)
            version = null;
        return new DockerFault(response.StatusCode, MessageIn(text) ?? $"Docker Engine answered {(int)response.StatusCode} {text.Trim()}");
    }

    private static string? MessageIn(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, DockerErrorJson.Default.ErrorBody)?.Message;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
