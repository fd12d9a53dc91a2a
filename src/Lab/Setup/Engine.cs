using System.Net.Sockets;

namespace Lab.Setup;

/// <summary>The Docker Engine of the lab's machine: there, running, ours to use, and not too old.</summary>
internal sealed record Engine(LabFiles Files, Action<string> Say)
{
    private const string SocketPath = "/var/run/docker.sock";
    private static readonly Version Oldest = new(20, 10);

    public async Task EnsureAsync(CancellationToken cancel)
    {
        if (!await AnswersAsync(cancel))
        {
            RefuseForeignSocket();
            // A client alone is on many machines.
            await Packages.EnsureAsync(["dockerd"], Say, cancel);
            await StartAsync(cancel);
        }
    }

    private static async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        var result = await Docker.Command("version", "--format", "{{.Server.Version}}").RunAsync(cancel);
        if (result.ExitCode == 0)
            Check(result.Output.Trim());
        return result.ExitCode == 0;
    }

    /// <param name="version">As the engine tells it: `20.10.24+dfsg1`, `28.2.2`.</param>
    public static void Check(string version)
    {
        if (Version.TryParse(string.Concat(version.TakeWhile(c => char.IsAsciiDigit(c) || c == '.')), out var have) && have < Oldest)
            throw new LabException(
                $"Docker Engine {version} is too old for the lab.", $"{Oldest} or newer is wanted.", "Install a newer one, for example the distribution's docker.io.");
    }

    private static void RefuseForeignSocket()
    {
        if (!File.Exists(SocketPath))
            return;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(SocketPath));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new LabException(
                "Docker Engine runs, but not for this user.", $"{Environment.UserName} may not open {SocketPath}.",
                $"sudo usermod --append --groups docker {Environment.UserName}\n       then log in again, and run the same command again.", e);
        }
        catch (SocketException)
        {
            // Nobody listens: the engine is stopped, and is started next.
        }
    }

    private async Task StartAsync(CancellationToken cancel)
    {
        var systemd = Directory.Exists("/run/systemd/system");
        if (!Environment.IsPrivilegedProcess)
            throw new LabException(
                "Docker Engine is installed but does not run.", "only root may start it.",
                (systemd ? "sudo systemctl start docker" : "sudo dockerd &") + "\n       then run the same command again.");
        Say("docker: starting the engine");
        if (systemd)
            await new LocalCommand("systemctl", "start", "docker").OutputAsync(cancel);
        else
            await Bare().StartAsync(AnswersAsync, TimeSpan.FromMinutes(1), cancel);
    }

    // Not among the lab's own processes: other containers of this machine may live in it when the lab goes.
    private Daemon Bare() => new("dockerd", new LocalCommand("dockerd"), Path.Combine(Files.Root, "dockerd.log"), Files.Root);
}
