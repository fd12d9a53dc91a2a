using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Integration.Sweeping;

internal enum ExecMoment { Begins, Ended, Dials }

/// <param name="What">The command line and a hash of its input: what makes it the same command in another run.</param>
internal sealed record Exec(ExecMoment Moment, string What);

/// <summary>Stands in a machine between sshd and each command, and lets the test act before it runs and after it ran.</summary>
internal sealed class SshGate : IAsyncDisposable
{
    private const string Program = "/usr/local/lib/ssh-gate";
    private const string DropIn = "/etc/ssh/sshd_config.d/00-ssh-gate.conf";

    private readonly string _container;
    private readonly Func<Exec, Task> _act;
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _listening;
    private int _open;
    private bool _installed;

    /// <param name="at">An address of this machine that the machine can reach.</param>
    public SshGate(string container, IPEndPoint at, Func<Exec, Task> act)
    {
        (_container, _act) = (container, act);
        _listener = new TcpListener(at);
        _listener.Start();
        _listening = ListenAsync();
    }

    /// <summary>True when no command runs on the machine, also none whose caller is dead.</summary>
    public bool IsQuiet => Volatile.Read(ref _open) == 0;

    /// <summary>Does nothing where it is already, or where there is no machine yet. sshd is restarted, since a reloaded one refuses for a moment.</summary>
    public async Task InstallAsync()
    {
        if (_installed)
            return;
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Sweeping", "ssh-gate.sh"))
            .Replace("@ADDRESS@", $"{((IPEndPoint)_listener.LocalEndpoint).Address}", StringComparison.Ordinal)
            .Replace("@PORT@", $"{((IPEndPoint)_listener.LocalEndpoint).Port}", StringComparison.Ordinal);
        var ended = await Machine.TryAsync(
            _container,
            """
            set -eu
            printf '%s' "$1" >"$2"; chmod 0755 "$2"
            mkdir -p "$(dirname "$3")"; echo "ForceCommand $2" >"$3"
            systemctl restart ssh || true
            """,
            text, Program, DropIn);
        _installed = ended.ExitCode == 0;
    }

    private async Task ListenAsync()
    {
        var conversations = new List<Task>();
        try
        {
            while (true)
                conversations.Add(AttendAsync(await _listener.AcceptTcpClientAsync(_closing.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(conversations);
        }
    }

    private async Task AttendAsync(TcpClient caller)
    {
        Interlocked.Increment(ref _open);
        try
        {
            using (caller)
            using (var reader = new StreamReader(caller.GetStream()))
            {
                while (await reader.ReadLineAsync(_closing.Token) is { } line)
                {
                    await _act(Read(line));
                    await caller.GetStream().WriteAsync("\n"u8.ToArray(), _closing.Token);
                }
            }
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException)
        {
            // The machine went away, or the test is over.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private static Exec Read(string line)
    {
        var words = line.Split(' ');
        return new Exec(Enum.Parse<ExecMoment>(words[0], ignoreCase: true), $"{Encoding.UTF8.GetString(Convert.FromBase64String(words[2])).TrimEnd()} <{words[1]}");
    }

    public async ValueTask DisposeAsync()
    {
        await Machine.TryAsync(_container, "rm -f \"$@\"; systemctl restart ssh", Program, DropIn);
        await _closing.CancelAsync();
        _listener.Stop();
        await _listening;
        _closing.Dispose();
    }
}
