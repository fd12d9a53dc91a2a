using System.Net.Sockets;
using NetSocket = System.Net.Sockets.Socket;

namespace Supervisor.Jobs.Socket;

/// <summary>A connection to the engine, and bytes that pass between it and a client unread.</summary>
internal sealed class Relay(NetworkStream client, NetworkStream engine) : IAsyncDisposable
{
    private const int ChunkSize = 16 * 1024;

    public static async Task<Relay> ConnectAsync(Stream client, string engineSocket, CancellationToken cancel)
    {
        var socket = new NetSocket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(engineSocket), cancel);
            return new Relay((NetworkStream)client, new NetworkStream(socket, ownsSocket: true));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public Stream Engine => engine;

    /// <summary>Passes all bytes both ways until the engine has no more to say.</summary>
    /// <param name="first">Goes to the engine before what the client still says.</param>
    /// <param name="seen">Shown all that the engine says.</param>
    public async Task RunAsync(ReadOnlyMemory<byte> first, Action<ReadOnlySpan<byte>>? seen, CancellationToken cancel)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var up = CopyAsync(client, engine, first, null, ended.Token);
        try
        {
            await CopyAsync(engine, client, default, seen, cancel);
        }
        finally
        {
            // What the client still says after that, nobody hears.
            await ended.CancelAsync();
            await up.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public ValueTask DisposeAsync() => engine.DisposeAsync();

    private static async Task CopyAsync(
        NetworkStream from, NetworkStream to, ReadOnlyMemory<byte> first, Action<ReadOnlySpan<byte>>? seen, CancellationToken cancel)
    {
        // The engine may have answered and gone by now: that is for the other direction to pass on.
        if (first.Length > 0)
            await to.WriteAsync(first, cancel);
        var chunk = new byte[ChunkSize];
        int read;
        while ((read = await from.ReadAsync(chunk, cancel)) > 0)
        {
            seen?.Invoke(chunk.AsSpan(0, read));
            await to.WriteAsync(chunk.AsMemory(0, read), cancel);
        }
        // The end of one direction is not the end of both: `docker run -i` reads on after its input has ended.
        to.Socket.Shutdown(SocketShutdown.Send);
    }
}
