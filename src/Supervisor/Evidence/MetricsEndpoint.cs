using System.Net;
using System.Net.Sockets;
using Supervisor.Http;
using Supervisor.Systemd;

namespace Supervisor.Evidence;

/// <summary>Answers <c>GET /metrics</c> on a loopback address.</summary>
internal sealed class MetricsEndpoint(Func<string> metrics, EventLog log) : IDisposable
{
    private const int MostAtOnce = 8;
    private static readonly TimeSpan deadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan retry = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim places = new(MostAtOnce);
    private CancellationTokenSource? serving;
    private string? address;

    /// <summary>Serves at another address from now on, or nowhere.</summary>
    /// <param name="wanted">Such as 127.0.0.1:9252; null for nowhere.</param>
    public void Use(string? wanted)
    {
        if (wanted == address)
            return;
        Dispose();
        address = wanted;
        if (wanted is null)
            return;
        serving = new CancellationTokenSource();
        _ = ServeAsync(IPEndPoint.Parse(wanted), serving.Token);
    }

    public void Dispose()
    {
        serving?.Cancel();
        serving?.Dispose();
        serving = null;
    }

    private async Task ServeAsync(IPEndPoint at, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                using var listener = new TcpListener(at);
                listener.Start();
                while (true)
                {
                    await places.WaitAsync(cancel);
                    _ = AnswerAsync(await AcceptAsync(listener, cancel), cancel);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException fault)
            {
                log.Warning("metrics", $"nobody can be served at {at} ({fault.Message}); trying again in {retry.TotalSeconds:0} s");
                await Task.Delay(retry, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<TcpClient> AcceptAsync(TcpListener listener, CancellationToken cancel)
    {
        try
        {
            return await listener.AcceptTcpClientAsync(cancel);
        }
        catch
        {
            // Nobody came who would give the place back.
            places.Release();
            throw;
        }
    }

    private async Task AnswerAsync(TcpClient client, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(deadline);
        try
        {
            using (client)
            {
                await using var stream = client.GetStream();
                await stream.WriteAsync(AnswerTo((await SmallHttp.HeadAsync(stream, limit.Token))[0]), limit.Token);
            }
        }
        catch (Exception fault) when (fault is IOException or SocketException or OperationCanceledException)
        {
            // Whoever asked went away, or never finished asking.
        }
        finally
        {
            places.Release();
        }
    }

    private byte[] AnswerTo(string request) => request.Split(' ') switch
    {
        ["GET", "/metrics" or "/metrics/", ..] => SmallHttp.Answer("200 OK", MetricsText.ContentType, metrics()),
        ["GET", "/", ..] => SmallHttp.Answer("200 OK", "text/plain", "GitHub runners of this host; see /metrics\n"),
        ["GET", ..] => SmallHttp.Answer("404 Not Found", "text/plain", "There is only /metrics\n"),
        _ => SmallHttp.Answer("405 Method Not Allowed", "text/plain", "There is only GET /metrics\n"),
    };
}
