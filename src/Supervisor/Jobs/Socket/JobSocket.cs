using System.Collections.Concurrent;
using System.Net.Sockets;
using NetSocket = System.Net.Sockets.Socket;

namespace Supervisor.Jobs.Socket;

/// <summary>The Docker socket of one job: a unix socket in a folder of its own, whose requests go on to the host's engine under the job's rules.</summary>
internal sealed class JobSocket : IAsyncDisposable
{
    public const string FileName = "docker.sock";

    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<Task, bool> conversations = new();
    private readonly NetSocket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Task serving;

    /// <param name="directory">Bound into the job's container as a whole: a socket made anew in it is then seen there too.</param>
    public JobSocket(string directory, Func<Stream, CancellationToken, Task> answer)
    {
        try
        {
            Directory.CreateDirectory(directory);
            var path = Path.Combine(directory, FileName);
            File.Delete(path);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            // Whoever is in the job's container is the job; on the host, only root gets as far as this folder.
            File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32("666", 8));
            File.SetUnixFileMode(directory, (UnixFileMode)Convert.ToInt32("755", 8));
            listener.Listen(128);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
        serving = ServeAsync(answer);
    }

    /// <summary>Ends all conversations, and returns when what they noted is noted.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await serving;
        await Task.WhenAll(conversations.Keys);
        listener.Dispose();
        stop.Dispose();
    }

    private async Task ServeAsync(Func<Stream, CancellationToken, Task> answer)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var client = await listener.AcceptAsync(stop.Token);
                var conversation = ConverseAsync(client, answer);
                conversations[conversation] = true;
                _ = conversation.ContinueWith(ended => conversations.TryRemove(ended, out _), TaskScheduler.Default);
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

    private async Task ConverseAsync(NetSocket client, Func<Stream, CancellationToken, Task> answer)
    {
        await Task.Yield();
        try
        {
            await using var stream = new NetworkStream(client, ownsSocket: true);
            await answer(stream, stop.Token);
        }
        catch (Exception fault) when (fault is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side went away: so does the other.
        }
    }
}
