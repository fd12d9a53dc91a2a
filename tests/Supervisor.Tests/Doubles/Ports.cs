using System.Net;
using System.Net.Sockets;

namespace Supervisor.Tests.Doubles;

internal static class Ports
{
    /// <summary>A port of this machine that nobody has just now.</summary>
    public static int Free()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
