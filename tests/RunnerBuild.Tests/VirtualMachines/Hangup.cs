using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>A TLS server that reads requests and closes the connection in good order instead of answering, as a restarting pveproxy does.</summary>
internal sealed class Hangup : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private int _requests;

    public Hangup(X509Certificate2 certificate)
    {
        _listener.Start();
        _ = ServeAsync(certificate);
    }

    public Uri Url => new($"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public int Requests => _requests;

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync(X509Certificate2 certificate)
    {
        try
        {
            while (true)
            {
                using var caller = await _listener.AcceptTcpClientAsync();
                await using var stream = new SslStream(caller.GetStream());
                await stream.AuthenticateAsServerAsync(certificate);
                if (await stream.ReadAsync(new byte[4096]) > 0)
                    Interlocked.Increment(ref _requests);
                await stream.ShutdownAsync();
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException or IOException)
        {
            // The listener was stopped.
        }
    }
}
