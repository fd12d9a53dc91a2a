using System.Net;
using System.Net.Sockets;
using System.Text;
using Supervisor.Systemd;

namespace Supervisor.Evidence;

/// <summary>Answers <c>GET /metrics</c> on a loopback address. So little of HTTP that it needs no server.</summary>
internal sealed class MetricsEndpoint(Func<string> metrics, EventLog log) : IDisposable
{
    private const int LongestRequest = 8192;
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
                await stream.WriteAsync(AnswerTo(await RequestLineAsync(stream, limit.Token)), limit.Token);
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
        ["GET", "/metrics" or "/metrics/", ..] => Answer("200 OK", MetricsText.ContentType, metrics()),
        ["GET", "/", ..] => Answer("200 OK", "text/plain", "GitHub runners of this host; see /metrics\n"),
        ["GET", ..] => Answer("404 Not Found", "text/plain", "There is only /metrics\n"),
        _ => Answer("405 Method Not Allowed", "text/plain", "There is only GET /metrics\n"),
    };

    private static byte[] Answer(string status, string type, string body)
    {
        var content = Encoding.UTF8.GetBytes(body);
        return [.. Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {content.Length}\r\nConnection: close\r\n\r\n"), .. content];
    }

    // All of the request is read: closing a socket with something unread would take the answer back.
    private static async Task<string> RequestLineAsync(NetworkStream stream, CancellationToken cancel)
    {
        var bytes = new byte[LongestRequest];
        var length = 0;
        while (length < bytes.Length && !bytes.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
        {
            var read = await stream.ReadAsync(bytes.AsMemory(length), cancel);
            if (read == 0)
                break;
            length += read;
        }
        return Encoding.ASCII.GetString(bytes, 0, length).Split("\r\n")[0];
    }
}
