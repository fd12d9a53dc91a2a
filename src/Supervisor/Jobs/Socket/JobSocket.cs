using System.Collections.Concurrent;
using System.Net.Sockets;
using Supervisor.Systemd;
using NetSocket = System.Net.Sockets.Socket;

namespace Supervisor.Jobs.Socket;

/// <summary>The Docker socket of one job: a unix socket in a folder of its own, whose requests go on to the host's engine under the job's rules.</summary>
internal sealed class JobSocket : IAsyncDisposable
{
    public const string FileName = "docker.sock";

    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<Task, bool> conversations = new();
    private readonly NetSocket listener;
    private readonly string runner;
    private readonly DescriptorStore store;
    private readonly bool stored = true;
    private readonly Task serving;

    /// <param name="directory">Bound into the job's container as a whole: a socket made anew in it is then seen there too.</param>
    /// <param name="store">Keeps it while the service is restarted.</param>
    public JobSocket(string directory, string runner, DescriptorStore store, Func<Stream, CancellationToken, Task> answer)
    {
        (this.runner, this.store) = (runner, store);
        if (File.Exists(Path.Combine(directory, FileName)) && store.Take(runner) is { } kept)
        {
            listener = kept;
        }
        else
        {
            listener = Listen(directory);
            stored = store.Keep(runner, listener);
        }
        serving = ServeAsync(answer);
    }

    private static NetSocket Listen(string directory)
    {
        var listener = new NetSocket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
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
            return listener;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>The job is over: ends all conversations, and returns when what they noted is noted.</summary>
    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        if (stored)
            store.Forget(runner);
        listener.Dispose();
        stop.Dispose();
    }

    /// <summary>The service ends and the job does not: who connects from now on waits for the next service, where systemd keeps the socket.</summary>
    public async ValueTask LeaveAsync()
    {
        await EndAsync();
        // To dispose of a socket is to delete its file, which is how jobs find the one that is kept.
        if (!stored)
            listener.Dispose();
    }

    private async Task EndAsync()
    {
        await stop.CancelAsync();
        await serving;
        await Task.WhenAll(conversations.Keys);
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
