using Supervisor.Control;
using Supervisor.Systemd;
using static Supervisor.Tests.Doubles.Shell;

namespace Supervisor.Tests.Control;

public sealed class ControlSocketTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rbsv-socket");

    // Perl is part of every Debian.
    private const string Ask = "use IO::Socket::UNIX; $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die qq(cannot connect: $!); print $s qq({\"command\":\"x\"}\\n); print <$s>";

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("--regid 65534 --clear-groups", 0, "cannot connect: Permission denied")]
    [InlineData("--regid 65534 --groups 0", 0, "answered")]
    [InlineData("--regid 0 --clear-groups", 0, "answered")]
    // As if the file's mode had let somebody in.
    [InlineData("--regid 65534 --clear-groups", 666, "members of the group runnerctl")]
    public async Task Root_and_the_services_group_are_answered_and_others_are_told(string identity, int mode, string told)
    {
        if (Environment.UserName != "root")
            Assert.Skip("Only root can ask as somebody else.");
        File.SetUnixFileMode(folder.FullName, (UnixFileMode)Convert.ToInt32("755", 8));
        var path = Path.Combine(folder.FullName, "control.sock");
        using var stop = new CancellationTokenSource();
        using var socket = new ControlSocket(path);
        if (mode > 0)
            File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32($"{mode}", 8));
        var serving = socket.ServeAsync(_ => Task.FromResult("answered"), new EventLog(new StringWriter()), stop.Token);

        var (_, output, errors) = await TryAsync("setpriv", ["--reuid", "65534", .. identity.Split(' '), "perl", "-e", Ask, path]);
        (output + errors).ShouldContain(told);
        await stop.CancelAsync();
        await serving;
    }
}
