using System.Net;
using System.Net.Sockets;
using System.Text;
using Supervisor.Docker;

namespace Supervisor.Tests.Docker;

/// <summary>Answers that a real engine gives only at moments that cannot be chosen.</summary>
public sealed class DockerEngineTests : IDisposable
{
    private readonly string socketPath = Path.Combine(Path.GetTempPath(), $"rbsv-{Guid.NewGuid():N}.sock");

    [Theory]
    [InlineData(HttpStatusCode.NoContent)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.Conflict)]
    public async Task A_container_that_is_gone_or_going_counts_as_removed(HttpStatusCode answer)
    {
        using var connection = new DockerConnection(socketPath);
        var asked = AnswerAsync(answer);

        await new DockerEngine(connection).RemoveAsync("c", TestContext.Current.CancellationToken);

        (await asked).ShouldBe("DELETE /v1.41/containers/c?v=true&force=true");
    }

    [Fact]
    public async Task A_container_that_cannot_be_removed_is_a_fault()
    {
        using var connection = new DockerConnection(socketPath);
        _ = AnswerAsync(HttpStatusCode.InternalServerError);

        var fault = await Should.ThrowAsync<DockerFault>(() => new DockerEngine(connection).RemoveAsync("c", TestContext.Current.CancellationToken));

        fault.Status.ShouldBe(HttpStatusCode.InternalServerError);
    }

    [Fact]
    public async Task Others_that_always_ask_for_the_build_cache_do_not_hold_this_program_up_for_ever()
    {
        using var connection = new DockerConnection(socketPath);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(socketPath));
        listener.Listen();
        _ = Task.Run(async () =>
        {
            while (await listener.AcceptAsync(TestContext.Current.CancellationToken) is { } caller)
                _ = RefuseAllAsync(caller);
        }, TestContext.Current.CancellationToken);
        var inventory = new EngineInventory(connection) { Patience = TimeSpan.FromSeconds(1) };
        (await Should.ThrowAsync<DockerFault>(() => inventory.BuildCacheAsync(CancellationToken.None)).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken))
            .Message.ShouldContain("already running");
    }

    private static async Task RefuseAllAsync(Socket caller)
    {
        await using var stream = new NetworkStream(caller, ownsSocket: true);
        using var reader = new StreamReader(stream);
        while (await RequestAsync(reader) is { Length: > 0 } asked)
        {
            var (status, body) = asked.Contains("_ping", StringComparison.Ordinal) ? ("200 OK", "") : ("409 Conflict", """{"message":"a disk usage operation is already running"}""");
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nApi-Version: 1.41\r\nContent-Length: {body.Length}\r\n\r\n{body}"), TestContext.Current.CancellationToken);
        }
    }

    public void Dispose() => File.Delete(socketPath);

    /// <returns>The request after the one for the engine's version.</returns>
    private async Task<string> AnswerAsync(HttpStatusCode status)
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(socketPath));
        listener.Listen();
        using var caller = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        await using var stream = new NetworkStream(caller);
        using var reader = new StreamReader(stream);
        await RequestAsync(reader);
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        var asked = await RequestAsync(reader);
        var length = status == HttpStatusCode.NoContent ? "" : "Content-Length: 0\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {(int)status} Status\r\n{length}\r\n"), TestContext.Current.CancellationToken);
        return asked;
    }

    private static async Task<string> RequestAsync(StreamReader reader)
    {
        var first = await reader.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { Length: > 0 })
        {
            // Headers.
        }

        return first.Replace(" HTTP/1.1", "", StringComparison.Ordinal);
    }
}
