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
    public async Task A_container_that_is_gone_counts_as_removed(HttpStatusCode answer)
    {
        using var connection = new DockerConnection(socketPath);
        var asked = AnswerAsync(answer);

        await new DockerEngine(connection).RemoveAsync("c", TestContext.Current.CancellationToken);

        (await asked).ShouldBe("DELETE /v1.41/containers/c?v=true&force=true");
    }

    [Fact]
    public async Task A_container_that_somebody_else_removes_is_waited_for_so_that_it_ends_once()
    {
        using var connection = new DockerConnection(socketPath);
        using var going = Removing(looks: 3);

        await new DockerEngine(connection).RemoveAsync("c", TestContext.Current.CancellationToken);

        going.Asked.ShouldBe(["DELETE", "GET", "GET", "GET"]);
    }

    [Fact]
    public async Task A_removal_that_somebody_else_began_and_that_does_not_end_is_a_fault()
    {
        using var connection = new DockerConnection(socketPath);
        using var going = Removing(looks: int.MaxValue);

        var fault = await Should.ThrowAsync<DockerFault>(
            () => new DockerEngine(connection) { Patience = TimeSpan.FromSeconds(1) }.RemoveAsync("c", TestContext.Current.CancellationToken));

        fault.Message.ShouldContain("begun by somebody else");
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

    [Theory]
    [InlineData("{]", 2)]
    [InlineData("{\"MemTotal\"", 100)]
    public async Task An_answer_that_makes_no_sense_or_breaks_off_is_a_fault_as_one_that_never_comes(string body, int announced)
    {
        using var connection = new DockerConnection(socketPath);
        _ = AnswerAsync(HttpStatusCode.OK, body, announced);

        await Should.ThrowAsync<DockerFault>(() => new EngineInventory(connection).InfoAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>An engine in the midst of a removal, which is over at one of the looks.</summary>
    private Going Removing(int looks) => new(socketPath, looks);

    private sealed class Going : IDisposable
    {
        private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

        public Going(string socketPath, int looks)
        {
            listener.Bind(new UnixDomainSocketEndPoint(socketPath));
            listener.Listen();
            _ = Task.Run(async () =>
            {
                while (await listener.AcceptAsync(TestContext.Current.CancellationToken) is { } caller)
                    _ = AnswerAsync(caller, looks);
            }, TestContext.Current.CancellationToken);
        }

        private async Task AnswerAsync(Socket caller, int looks)
        {
            await using var stream = new NetworkStream(caller, ownsSocket: true);
            using var reader = new StreamReader(stream);
            while (await RequestAsync(reader) is { Length: > 0 } asked)
            {
                if (!asked.Contains("_ping", StringComparison.Ordinal))
                    Asked.Add(asked.Split(' ')[0]);
                var (status, body) = asked[..3] == "DEL" ? ("409 Conflict", """{"message":"removal of container c is already in progress"}""")
                    : Asked.Count > looks ? ("404 Not Found", """{"message":"No such container: c"}""")
                    : ("200 OK", asked.Contains("_ping", StringComparison.Ordinal) ? "" : """{"Id":"c","State":{"Status":"removing","ExitCode":137,"StartedAt":"2026-01-01T00:00:00Z","FinishedAt":"2026-01-01T00:00:00Z"}}""");
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nApi-Version: 1.41\r\nContent-Length: {body.Length}\r\n\r\n{body}"), TestContext.Current.CancellationToken);
            }
        }

        public List<string> Asked { get; } = [];

        public void Dispose() => listener.Dispose();
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
    private async Task<string> AnswerAsync(HttpStatusCode status, string body = "", int announced = 0)
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
        var length = status == HttpStatusCode.NoContent ? "" : $"Content-Length: {announced}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {(int)status} Status\r\n{length}\r\n{body}"), TestContext.Current.CancellationToken);
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
