using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Supervisor.Systemd;

namespace Supervisor.Control;

/// <summary>The unix socket that takes commands: one line of JSON in, one line out. Root and the members of the service's group may use it for everything: nothing here kills a job or shows a secret.</summary>
internal sealed class ControlSocket : IDisposable
{
    private const int LongestLine = 64 * 1024;
    private static readonly TimeSpan deadline = TimeSpan.FromSeconds(30);
    private readonly Socket listener;
    private readonly string path;

    public ControlSocket(string path)
    {
        this.path = path;
        File.Delete(path);
        listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        listener.Listen(16);
    }

    /// <param name="answer">Gives the one line to answer a request with.</param>
    public async Task ServeAsync(Func<ControlRequest, Task<string>> answer, EventLog log, CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                if (await AcceptAsync(log, cancel) is { } socket)
                    _ = ServeOneAsync(socket, answer, log, cancel);
            }
        }
        catch (OperationCanceledException)
        {
            // The service stops.
        }
    }

    // Out of file descriptors, say: the next one may get through.
    private async Task<Socket?> AcceptAsync(EventLog log, CancellationToken cancel)
    {
        try
        {
            return await listener.AcceptAsync(cancel);
        }
        catch (SocketException fault)
        {
            log.Warning("control socket", $"nobody could be let in: {fault.Message}");
            await Task.Delay(TimeSpan.FromSeconds(1), cancel);
            return null;
        }
    }

    public static string Line<T>(T reply, JsonTypeInfo<T> type) => JsonSerializer.Serialize(reply, type);

    public void Dispose()
    {
        listener.Dispose();
        File.Delete(path);
    }

    private static async Task ServeOneAsync(Socket socket, Func<ControlRequest, Task<string>> answer, EventLog log, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(deadline);
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            var request = await ReadLineAsync(stream, limit.Token);
            // The file's mode is set after the socket is made; this has no such gap.
            var reply = Peer.IsTrusted(socket) ? await ReplyAsync(request, answer) : Refusal(ControlClient.NotForYou);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(reply + "\n"), limit.Token);
        }
        catch (Exception fault) when (fault is IOException or SocketException or OperationCanceledException)
        {
            log.Warning("control socket", $"a conversation broke off: {fault.Message}");
        }
    }

    private static async Task<string> ReplyAsync(string line, Func<ControlRequest, Task<string>> answer)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ControlJson.Default.ControlRequest) is { } request
                ? await answer(request)
                : Refusal("The request is null; it should be {\"command\": ...}.");
        }
        catch (JsonException fault)
        {
            return Refusal($"The request is not one line of JSON such as {{\"command\":\"status\"}}: {fault.Message}");
        }
    }

    private static string Refusal(string error) => Line(new ControlReply(false, error), ControlJson.Default.ControlReply);

    private static async Task<string> ReadLineAsync(Stream stream, CancellationToken cancel)
    {
        var line = new MemoryStream();
        var chunk = new byte[1024];
        while (line.Length < LongestLine)
        {
            var read = await stream.ReadAsync(chunk, cancel);
            var end = Array.IndexOf(chunk, (byte)'\n', 0, read);
            line.Write(chunk, 0, end < 0 ? read : end);
            if (read == 0 || end >= 0)
                break;
        }
        return Encoding.UTF8.GetString(line.ToArray());
    }
}
