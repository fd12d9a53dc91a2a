using System.Net;
using System.Net.Sockets;

namespace Lab.Setup;

/// <summary>Says who is in the way before a server fails on it.</summary>
internal static class Ports
{
    public static bool IsFree(IPEndPoint address)
    {
        try
        {
            using var listener = new TcpListener(address);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <param name="address">`IP:port`.</param>
    /// <param name="option">The command line's option for it, without `--` and `-port`.</param>
    public static void RequireFree(string address, string option)
    {
        try
        {
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            // As the servers do: connections of an earlier run that are still closing are no obstacle.
            listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            listener.Bind(IPEndPoint.Parse(address));
            listener.Listen();
        }
        catch (SocketException e)
        {
            throw new LabException(
                $"The lab's {option} server cannot listen on {address}.", e.Message + ".",
                $"End the program that has the port (`ss -ltnp`), or use another one: `lab up --{option}-port N`.", e);
        }
    }
}
