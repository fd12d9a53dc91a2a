using Supervisor.Docker;
using Supervisor.Tests.Doubles;
using static Supervisor.Tests.Doubles.Shell;

namespace Supervisor.Tests.Docker;

[Collection(nameof(WithDocker))]
public sealed class ContainerFileTests
{
    private const string Traps = """
        busybox mkdir /t && cd /t && echo hello > file && busybox dd if=/dev/zero of=large bs=1M count=64 2>/dev/null
        busybox ln -s file link && busybox mkdir folder && echo x > folder/file && busybox mkfifo pipe && busybox ln -s /t around && : > empty
        """;

    [Fact]
    public async Task Only_the_beginning_of_a_regular_file_is_read_whatever_a_job_put_there()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var connection = new DockerConnection(DockerConnection.SocketFromEnvironment());
        var engine = new DockerEngine(connection);
        var container = await DockerAsync("create", "--entrypoint", "/bin/sh", RunnerImage.Name, "-c", Traps);
        try
        {
            await DockerAsync("start", "--attach", container);
            (await engine.ReadFileAsync(container, "/t/file", 100, cancel)).ShouldBe("hello\n"u8.ToArray());
            (await engine.ReadFileAsync(container, "/t/around/file", 3, cancel)).ShouldBe("hel"u8.ToArray());
            (await engine.ReadFileAsync(container, "/t/large", 8192, cancel))!.Length.ShouldBe(8192);
            (await engine.ReadFileAsync(container, "/t/empty", 100, cancel) ?? []).ShouldBeEmpty();
            foreach (var other in (string[])["link", "folder", "pipe", "nothing"])
                (await engine.ReadFileAsync(container, $"/t/{other}", 100, cancel)).ShouldBeNull(other);
            await Should.ThrowAsync<DockerFault>(() => engine.ReadFileAsync(container, "/t/file/below", 100, cancel));
            (await engine.ReadFileAsync("no-such-container", "/t/file", 100, cancel)).ShouldBeNull();
        }
        finally
        {
            await DockerAsync("rm", "--force", container);
        }
    }
}
