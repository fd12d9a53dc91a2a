using System.Net.Sockets;
using System.Text;

namespace RunnerBuild.Remote.Proxmox;

/// <summary>Tells whether an SSH server answers. Nothing is trusted and nothing is sent.</summary>
internal static class SshBanner
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    public static async Task<bool> AnswersAsync(string address, int port, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address, port, limit.Token);
            var start = new byte[4];
            await client.GetStream().ReadExactlyAsync(start, limit.Token);
            return Encoding.ASCII.GetString(start) == "SSH-";
        }
        catch (Exception silent) when (silent is SocketException or IOException || (silent is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return false;
        }
    }
}
