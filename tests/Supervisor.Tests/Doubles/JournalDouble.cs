using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace Supervisor.Tests.Doubles;

/// <summary>A journald that keeps what it is sent, by its documented protocol.</summary>
internal sealed class JournalDouble : IDisposable
{
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public JournalDouble(string path)
    {
        File.Delete(path);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        _ = Task.Run(Receive);
    }

    public ConcurrentQueue<Dictionary<string, string>> Entries { get; } = new();

    /// <summary>Waits until so many entries have a field with a value.</summary>
    public async Task<string[]> MessagesAsync(string field, string value, int count)
    {
        string[] Found() => [.. Entries.Where(entry => entry.GetValueOrDefault(field) == value).Select(entry => entry["MESSAGE"])];
        await RunnerHost.UntilAsync(() => Task.FromResult(Found().Length >= count), $"{count} entries with {field}={value}, there are: {string.Join(" | ", Found())}");
        return Found();
    }

    public void Dispose() => socket.Dispose();

    private void Receive()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
                Entries.Enqueue(Parse(buffer.AsSpan(0, socket.Receive(buffer))));
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static Dictionary<string, string> Parse(ReadOnlySpan<byte> entry)
    {
        var fields = new Dictionary<string, string>();
        while (entry.Length > 0)
        {
            var line = entry[..entry.IndexOf((byte)'\n')];
            var name = line.IndexOf((byte)'=') is >= 0 and var at ? line[..at] : line;
            var start = line.Length + 1;
            var length = name.Length < line.Length ? 0 : (int)BinaryPrimitives.ReadUInt64LittleEndian(entry[start..]);
            fields.Add(Encoding.UTF8.GetString(name), Encoding.UTF8.GetString(name.Length < line.Length ? line[(name.Length + 1)..] : entry.Slice(start + 8, length)));
            entry = entry[(name.Length < line.Length ? start : start + 8 + length + 1)..];
        }
        return fields;
    }
}
