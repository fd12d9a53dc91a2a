using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Supervisor.Control;

/// <summary>Who is at the other end of a unix socket, as the kernel tells it.</summary>
internal static class Peer
{
    private const int SocketLevel = 1;
    private const int Credentials = 17;
    private const int Groups = 59;
    private const int MostGroups = 1024;
    private static readonly uint ownUser = ReadOwn("Uid:");
    private static readonly uint ownGroup = ReadOwn("Gid:");

    /// <summary>Root, the user that the service runs as, and members of the group that it runs in.</summary>
    public static bool IsTrusted(Socket socket)
    {
        // struct ucred { pid, uid, gid }
        Span<byte> bytes = stackalloc byte[12];
        socket.GetRawSocketOption(SocketLevel, Credentials, bytes);
        var credentials = MemoryMarshal.Cast<byte, uint>(bytes);
        return credentials[1] == 0 || credentials[1] == ownUser || credentials[2] == ownGroup || GroupsOf(socket).Contains(ownGroup);
    }

    private static uint[] GroupsOf(Socket socket)
    {
        try
        {
            var bytes = new byte[MostGroups * sizeof(uint)];
            var length = socket.GetRawSocketOption(SocketLevel, Groups, bytes);
            return MemoryMarshal.Cast<byte, uint>(bytes.AsSpan(0, length)).ToArray();
        }
        catch (SocketException)
        {
            // Somebody in more groups than that is nobody's operator.
            return [];
        }
    }

    // The second number is the effective one.
    private static uint ReadOwn(string kind) => uint.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(kind, StringComparison.Ordinal)).Split('\t')[2],
        CultureInfo.InvariantCulture);
}
