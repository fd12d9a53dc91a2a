using System.Net.Sockets;
using System.Text;
using Supervisor.Systemd;

namespace Supervisor.Tests.Control;

public sealed class ServiceNotifierTests
{
    [Fact]
    public async Task Systemd_is_told_over_its_socket()
    {
        var path = Path.Combine(Path.GetTempPath(), $"rbsv-{Guid.NewGuid():N}.sock");
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(path));
        systemd.ReceiveTimeout = 5000;
        using var notifier = new ServiceNotifier(path, "300000");
        string Told()
        {
            var buffer = new byte[512];
            return Encoding.UTF8.GetString(buffer, 0, systemd.Receive(buffer));
        }

        notifier.Ready();
        Told().ShouldBe("READY=1");
        notifier.Alive("1 of 2 slots serve");
        Told().ShouldBe("STATUS=1 of 2 slots serve");
        await Task.Delay(150, TestContext.Current.CancellationToken);
        // An unchanged status is not repeated; the watchdog's sign of life is.
        notifier.Alive("1 of 2 slots serve");
        Told().ShouldBe("WATCHDOG=1");
        notifier.Reloading();
        Told().ShouldStartWith("RELOADING=1\nMONOTONIC_USEC=");
        notifier.Stopping();
        Told().ShouldBe("STOPPING=1");
        File.Delete(path);
    }
}
