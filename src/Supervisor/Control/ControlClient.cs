using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Supervisor.Control;

/// <summary>The supervisor cannot be asked; the message says how to go on.</summary>
internal sealed class ControlFault(string message) : Exception(message);

/// <summary>Asks the supervisor of this host over its socket.</summary>
internal sealed class ControlClient(string path)
{
    public const string DefaultSocket = "/run/github-runners/control.sock";
    public const string NotForYou = "Only root and members of the group runnerctl may do this: sudo runnerctl, or sudo usermod -aG runnerctl YOU and log in again.";
    private static readonly TimeSpan deadline = TimeSpan.FromSeconds(60);

    public async Task<HostStatus> StatusAsync() => await AskAsync(new ControlRequest { Command = "status" }, ControlJson.Default.HostStatus);

    public Task<ControlReply> SendAsync(ControlRequest request) => AskAsync(request, ControlJson.Default.ControlReply);

    private async Task<T> AskAsync<T>(ControlRequest request, JsonTypeInfo<T> type)
    {
        using var limit = new CancellationTokenSource(deadline);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), limit.Token);
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(request, ControlJson.Default.ControlRequest) + "\n"), limit.Token);
            using var reader = new StreamReader(stream);
            return JsonSerializer.Deserialize(await reader.ReadToEndAsync(limit.Token), type) ?? throw new JsonException("null");
        }
        catch (SocketException fault) when (fault.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new ControlFault(NotForYou);
        }
        catch (SocketException fault)
        {
            throw new ControlFault($"The supervisor does not answer at {path} ({fault.Message}). Is it running? systemctl status github-docker-runners");
        }
        catch (OperationCanceledException)
        {
            throw new ControlFault($"The supervisor did not answer at {path} within {deadline.TotalSeconds:0} s: journalctl -u github-docker-runners");
        }
        catch (Exception fault) when (fault is JsonException or IOException)
        {
            throw new ControlFault($"The supervisor's answer at {path} cannot be read ({fault.Message}); is runnerctl of the same version?");
        }
    }
}
