using System.Net.Sockets;
using System.Text.Json;
using Supervisor.Http;

namespace Supervisor.Refresh;

/// <summary>All that a job can ask here: that the image be refreshed, and how far that is. It names nothing and gives nothing on: neither an image, nor a host, nor an argument.</summary>
internal sealed class RefreshDoor : IAsyncDisposable
{
    public const string FileName = "refresh.sock";
    public const string Path = "/refresh";

    private const int MostAtOnce = 4;
    private static readonly TimeSpan deadline = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim places = new(MostAtOnce);
    private readonly Func<string?> runner;
    private readonly RefreshRun run;
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string path;
    private readonly Task serving;

    /// <param name="folder">Mounted into the job's container as a whole: after a restart of the service the new socket is seen there too.</param>
    /// <param name="runner">Whose job it is that asks.</param>
    public RefreshDoor(string folder, Func<string?> runner, RefreshRun run)
    {
        (this.runner, this.run) = (runner, run);
        Directory.CreateDirectory(folder);
        path = System.IO.Path.Combine(folder, FileName);
        File.Delete(path);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        // Whoever is in the slot's container is its job; on the host only root gets as far as this folder.
        File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32("666", 8));
        File.SetUnixFileMode(folder, (UnixFileMode)Convert.ToInt32("755", 8));
        listener.Listen(16);
        serving = ServeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // From now on nobody finds it, however long the last answer takes.
        File.Delete(path);
        await stop.CancelAsync();
        await serving;
        listener.Dispose();
        stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await places.WaitAsync(stop.Token);
                _ = AnswerAsync(await AcceptAsync(), stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // Out of file descriptors, say: the next one may get through.
                await Task.Delay(TimeSpan.FromSeconds(1), stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<Socket> AcceptAsync()
    {
        try
        {
            return await listener.AcceptAsync(stop.Token);
        }
        catch
        {
            places.Release();
            throw;
        }
    }

    private async Task AnswerAsync(Socket client, CancellationToken cancel)
    {
        await Task.Yield();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(deadline);
        try
        {
            await using var stream = new NetworkStream(client, ownsSocket: true);
            await stream.WriteAsync(AnswerTo(await SmallHttp.HeadAsync(stream, limit.Token)), limit.Token);
        }
        catch (Exception fault) when (fault is IOException or SocketException or OperationCanceledException or UnauthorizedAccessException)
        {
            // Whoever asked went away, or never finished asking.
        }
        finally
        {
            places.Release();
        }
    }

    private byte[] AnswerTo(string[] head) => AnswerTo(head, runner());

    private byte[] AnswerTo(string[] head, string? asking) => head[0].Split(' ') switch
    {
        ["POST" or "GET", Path, _] when HasBody(head) => Text("400 Bad Request", "Nothing can be said here beside the request itself."),
        ["POST", Path, _] when asking is null => Text("503 Service Unavailable", "The supervisor has just begun and does not know yet whose job this is. Ask again."),
        ["POST", Path, _] => State("202 Accepted", run.Ask(asking!)),
        ["GET", Path, _] => State("200 OK", run.Look()),
        [_, Path, _] => Text("405 Method Not Allowed", "There are POST and GET."),
        _ => Text("404 Not Found", $"There is only {Path}: POST has the image refreshed, GET tells how far that is."),
    };

    private static bool HasBody(string[] head) => head.Any(line =>
        line.StartsWith("Transfer-Encoding:", StringComparison.OrdinalIgnoreCase)
        || line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase) && line.Split(':', 2)[1].Trim() != "0");

    private static byte[] State(string status, RefreshState? state) => state is null
        ? Text("409 Conflict", RefreshRun.NotHere)
        : SmallHttp.Answer(status, "application/json", JsonSerializer.Serialize(state, RefreshJson.Default.RefreshState) + "\n");

    private static byte[] Text(string status, string sentence) => SmallHttp.Answer(status, "text/plain; charset=utf-8", sentence + "\n");
}
