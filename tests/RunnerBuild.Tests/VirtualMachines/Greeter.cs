using System.Net;
using System.Net.Sockets;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>A port where SSH greets and then hangs up, as where the disk is full or accounts are gone.</summary>
internal sealed class Greeter : IDisposable
{
    private readonly TcpListener _ssh = new(IPAddress.Loopback, 0);

    public Greeter()
    {
        _ssh.Start();
        Port = ((IPEndPoint)_ssh.LocalEndpoint).Port;
        _ = GreetAsync();
    }

    public int Port { get; }

    public void Dispose() => _ssh.Dispose();

    private async Task GreetAsync()
    {
        try
        {
            while (true)
            {
                using var caller = await _ssh.AcceptTcpClientAsync();
                await caller.GetStream().WriteAsync("SSH-2.0-OpenSSH_10.0\r\n"u8.ToArray());
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException or IOException)
        {
            // The listener was stopped.
        }
    }
}
