using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Supervisor.Systemd;

/// <summary>Writes entries with fields to systemd's journal: a datagram of <c>FIELD=value</c> lines to its socket. Without a journal it writes nothing.</summary>
internal sealed class Journal(string path = Journal.DefaultSocket) : IDisposable
{
    public const string DefaultSocket = "/run/systemd/journal/socket";

    // journald that cannot keep up must not hold up runners for long.
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { SendTimeout = 500 };
    private readonly Lock gate = new();

    /// <summary>Whether what this process prints goes to the journal anyway, so that printing it too would show it twice.</summary>
    public static bool HasOutput => Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 };

    /// <returns>False: nobody took it.</returns>
    public bool Write(int priority, string identifier, string message, params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        var entry = new MemoryStream();
        Add(entry, "MESSAGE", message);
        Add(entry, "PRIORITY", $"{priority}");
        Add(entry, "SYSLOG_IDENTIFIER", identifier);
        foreach (var (name, value) in fields)
        {
            if (value is not null)
                Add(entry, name, value);
        }
        try
        {
            // Not connected, so that it also finds a journald that was started anew.
            lock (gate)
                return socket.SendTo(entry.GetBuffer().AsSpan(0, (int)entry.Length), SocketFlags.None, new UnixDomainSocketEndPoint(path)) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public void Dispose() => socket.Dispose();

    // A value of several lines goes with its length instead of '='.
    private static void Add(MemoryStream entry, string name, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        entry.Write(Encoding.ASCII.GetBytes(name));
        if (bytes.AsSpan().Contains((byte)'\n'))
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)bytes.Length);
            entry.WriteByte((byte)'\n');
            entry.Write(length);
        }
        else
        {
            entry.WriteByte((byte)'=');
        }
        entry.Write(bytes);
        entry.WriteByte((byte)'\n');
    }
}
