using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using RunnerBuild.Remote.Proxmox;

namespace RunnerBuild.Remote;

/// <summary>Tells whether some machine has an address. Silence proves nothing; an answer does.</summary>
internal static class AddressProbe
{
    private const int Patience = 800;

    public static async Task<bool> AnswersAsync(IPAddress address, CancellationToken cancel) =>
        (await Task.WhenAll(PingsAsync(address), SshBanner.AnswersAsync($"{address}", 22, cancel))).Any(answered => answered);

    private static async Task<bool> PingsAsync(IPAddress address)
    {
        try
        {
            using var ping = new Ping();
            return (await ping.SendPingAsync(address, Patience)).Status == IPStatus.Success;
        }
        catch (Exception unable) when (unable is PingException or SocketException or PlatformNotSupportedException)
        {
            return false;
        }
    }
}
