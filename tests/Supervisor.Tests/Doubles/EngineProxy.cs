using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Supervisor.Tests.Doubles;

/// <summary>Docker Engine behind a socket that notes what is asked, and can lose an answer or give one of its own.</summary>
internal sealed class EngineProxy : IDisposable
{
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public EngineProxy()
    {
        listener.Bind(new UnixDomainSocketEndPoint(Path));
        listener.Listen();
        _ = ServeAsync();
    }

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"rbsv-{Guid.NewGuid():N}.sock");

    /// <summary>First lines of requests, unescaped.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>The engine does what is asked, but its answer never comes.</summary>
    public Func<string, bool> Loses { get; set; } = _ => false;

    /// <summary>A body to answer with, without asking the engine.</summary>
    public Func<string, string?> Answers { get; set; } = _ => null;

    public void Dispose()
    {
        listener.Dispose();
        File.Delete(Path);
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
                _ = PassAsync(await listener.AcceptAsync());
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task PassAsync(Socket client)
    {
        using var engine = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await engine.ConnectAsync(new UnixDomainSocketEndPoint("/var/run/docker.sock"));
            await using var from = new NetworkStream(client, ownsSocket: true);
            await using var to = new NetworkStream(engine);
            var lost = false;
            var back = Task.Run(async () =>
            {
                var chunk = new byte[16384];
                for (int read; (read = await to.ReadAsync(chunk)) > 0 && !lost;)
                    await from.WriteAsync(chunk.AsMemory(0, read));
                client.Shutdown(SocketShutdown.Both);
            });
            var asked = new byte[16384];
            for (int read; (read = await from.ReadAsync(asked)) > 0;)
            {
                var first = Regex.Match(Encoding.Latin1.GetString(asked, 0, read), "^(?:GET|POST|PUT|HEAD|DELETE) (\\S+) HTTP/1.1\r\n") is { Success: true, Value: var line } ? Uri.UnescapeDataString(line.Trim()) : "";
                if (first.Length > 0)
                    Requests.Enqueue(first);
                if (Answers(first) is { } body)
                {
                    await from.WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
                    continue;
                }
                lost |= Loses(first);
                await to.WriteAsync(asked.AsMemory(0, read));
            }
            engine.Shutdown(SocketShutdown.Both);
            await back;
        }
        catch (Exception fault) when (fault is IOException or SocketException or ObjectDisposedException)
        {
            // One side went away.
        }
    }
}
