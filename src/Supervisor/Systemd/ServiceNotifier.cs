using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Supervisor.Systemd;

/// <summary>Tells systemd how the service is (sd_notify's protocol: a datagram of <c>KEY=VALUE</c> lines to <c>$NOTIFY_SOCKET</c>). Without that variable it does nothing.</summary>
internal sealed class ServiceNotifier : IDisposable
{
    private readonly Socket? socket;
    private readonly TimeSpan? watchdog;
    private long lastPing = Environment.TickCount64;
    private string lastStatus = "";

    public ServiceNotifier(string? address, string? watchdogMicroseconds)
    {
        if (string.IsNullOrEmpty(address))
            return;
        socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(address[0] == '@' ? "\0" + address[1..] : address));
        if (long.TryParse(watchdogMicroseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds))
            watchdog = TimeSpan.FromMicroseconds(microseconds);
    }

    public static ServiceNotifier FromEnvironment() => new(
        Environment.GetEnvironmentVariable("NOTIFY_SOCKET"), Environment.GetEnvironmentVariable("WATCHDOG_USEC"));

    public void Ready() => Send("READY=1");

    // systemd wants the monotonic clock's time of the reload's begin.
    public void Reloading() => Send($"RELOADING=1\nMONOTONIC_USEC={System.Diagnostics.Stopwatch.GetTimestamp() / (System.Diagnostics.Stopwatch.Frequency / 1_000_000)}");

    public void Stopping() => Send("STOPPING=1");

    /// <summary>To be called from the loop that must be alive, more often than the watchdog's time.</summary>
    public void Alive(string status)
    {
        if (status != lastStatus)
            Send($"STATUS={lastStatus = status}");
        if (watchdog is { } limit && Environment.TickCount64 - lastPing > limit.TotalMilliseconds / 3)
        {
            lastPing = Environment.TickCount64;
            Send("WATCHDOG=1");
        }
    }

    public void Dispose() => socket?.Dispose();

    private void Send(string state)
    {
        try
        {
            socket?.Send(Encoding.UTF8.GetBytes(state));
        }
        catch (SocketException)
        {
            // systemd does not listen, as while it is re-executed; the watchdog's next ping tells it again.
        }
    }
}
