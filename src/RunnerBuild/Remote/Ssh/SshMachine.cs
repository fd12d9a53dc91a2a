using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Renci.SshNet;
using Renci.SshNet.Common;
using RunnerBuild.Config;

namespace RunnerBuild.Remote.Ssh;

/// <summary>One SSH connection to a machine, shared by all that is done there in a run. Commands run as root: through `sudo -n` when the login is not root's.</summary>
internal sealed class SshMachine(SshClient client, SshAccess access) : IMachine, IAsyncDisposable
{
    /// <summary>What a person types to get there.</summary>
    public string Address => access.ForPeople;

    /// <summary>Runs a bash script, handed over on standard input so that nothing of it shows in a process list.</summary>
    /// <param name="line">Called with every line of output as it comes.</param>
    public async Task<CommandResult> RunAsync(string script, IReadOnlyList<string> arguments, Action<string>? line, CancellationToken cancel)
    {
        var result = await ExecuteAsync($"{AsRoot}bash -s -- {Shell.Join(arguments)}", Encoding.UTF8.GetBytes(script), line, cancel);
        // Said by the login's shell, before any script ran.
        if (access.User != "root" && result is { ExitCode: 127, Output: "" } && result.Error.Contains("sudo", StringComparison.Ordinal))
            throw new RunnerBuildException(
                $"{Address} has no sudo, and {access.User} is not root.", result.Error.Trim(),
                $"Install it there as root (`apt-get install sudo`) and give {access.User} the right to use it without a password, or set ssh.user to root.");
        if (result.ExitCode == 1 && result.Error.StartsWith("sudo:", StringComparison.Ordinal))
            throw new RunnerBuildException(
                $"{Address} does not let {access.User} act as root.",
                result.Error.Trim(),
                $"Give it `{access.User} ALL=(ALL) NOPASSWD: ALL` in a file under /etc/sudoers.d, or set ssh.user to root.");
        return result;
    }

    /// <summary>Runs a script that must succeed.</summary>
    public async Task<string> CheckAsync(string summary, string script, IReadOnlyList<string> arguments, Action<string>? line, CancellationToken cancel)
    {
        var result = await RunAsync(script, arguments, line, cancel);
        if (result.ExitCode == 0)
            return result.Output;
        throw new RunnerBuildException(
            $"{summary}: the command on {Address} ended with exit code {result.ExitCode}.",
            result.Tail,
            "Nothing after it was done on this machine. Correct the cause and run the same target again; what is done is not repeated.");
    }

    /// <summary>Puts a file in place at once: written beside its place with its final owner and mode, then renamed.</summary>
    /// <param name="mode">Octal, such as `0600`.</param>
    /// <param name="owner">`user:group`.</param>
    public async Task WriteAsync(string path, byte[] content, string mode, string owner, CancellationToken cancel)
    {
        // What cannot be kept is still read: a sender who is not listened to would wait, and miss the reason.
        const string Install = """set -eu; draft=; trap 'rm -f "$draft"; cat >/dev/null' EXIT; draft=$(mktemp "$1.XXXXXX"); chmod "$2" "$draft"; chown "$3" "$draft"; cat >"$draft"; [ "$(stat -c %s "$draft")" = "$4" ] || { echo "only a part arrived" >&2; exit 1; }; mv -f "$draft" "$1" """;
        var result = await ExecuteAsync($"{AsRoot}bash -c {Shell.Quote(Install)} write {Shell.Join([path, mode, owner, content.Length.ToString(CultureInfo.InvariantCulture)])}", content, null, cancel);
        if (result.ExitCode != 0)
            throw new RunnerBuildException(
                $"Could not write {path} on {Address}.", result.Tail, "Correct the cause (often a full disk: `df -h`) and run the same target again.");
    }

    /// <summary>Runs a program with an input of its own; what it is called with shows in the machine's process list.</summary>
    public Task<CommandResult> SendAsync(IReadOnlyList<string> command, byte[] input, Action<string>? line, CancellationToken cancel) =>
        ExecuteAsync($"{AsRoot}{Shell.Join(command)}", input, line, cancel);

    /// <summary>Starts a program to write to and to read from.</summary>
    public Task<RemoteCommand> StartAsync(IReadOnlyList<string> command, CancellationToken cancel) =>
        RemoteCommand.StartAsync(client, $"{AsRoot}{Shell.Join(command)}", cancel);

    /// <summary>A two-way byte stream to the machine's Docker Engine; no port is opened anywhere.</summary>
    public Task<Stream> DialDockerAsync(CancellationToken cancel) => DialStream.OpenAsync(client, $"{AsRoot}docker system dial-stdio", cancel);

    /// <summary>A script that runs as root for as long as the stream is open: when this end is gone, however it went, it reads the end of its input.</summary>
    public Task<Stream> DialAsync(string script, IReadOnlyList<string> arguments, CancellationToken cancel) =>
        DialStream.OpenAsync(client, $"{AsRoot}bash -c {Shell.Quote(script)} dial {Shell.Join(arguments)}", cancel);

    private string AsRoot => access.User == "root" ? "" : "sudo -n ";

    /// <summary>False once the connection was lost; a new one must be opened.</summary>
    public bool IsConnected => client.IsConnected;

    private async Task<CommandResult> ExecuteAsync(string commandLine, byte[] input, Action<string>? line, CancellationToken cancel)
    {
        try
        {
            return await ExchangeAsync(commandLine, input, line, cancel);
        }
        catch (Exception fault) when (fault is SshException or SocketException or IOException or ObjectDisposedException)
        {
            throw new HostUnreachableException(
                $"The connection to {Address} was lost.", fault.Message, "Check that the machine runs, and run the same target again; what is done is not repeated.", Address);
        }
    }

    private async Task<CommandResult> ExchangeAsync(string commandLine, byte[] input, Action<string>? line, CancellationToken cancel)
    {
        using var command = client.CreateCommand(commandLine);
        var output = new StringBuilder();
        var error = new StringBuilder();
        var execution = command.ExecuteAsync(cancel);
        var reading = Task.WhenAll(
            Task.Run(() => Read(command.OutputStream, output, line), CancellationToken.None),
            Task.Run(() => Read(command.ExtendedOutputStream, error, line), CancellationToken.None));
        await Task.Run(() => Send(command, input), cancel);
        await execution;
        await reading;
        return new CommandResult(command.ExitStatus ?? -1, output.ToString(), error.ToString());
    }

    private static void Send(SshCommand command, byte[] input)
    {
        try
        {
            using var stream = command.CreateInputStream();
            stream.Write(input);
            stream.Flush();
        }
        catch (InvalidOperationException)
        {
            // It has ended without reading its input, as where there is no such program; how it ended tells the rest.
        }
    }

    private static void Read(Stream stream, StringBuilder into, Action<string>? line)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (reader.ReadLine() is { } text)
        {
            into.Append(text).Append('\n');
            line?.Invoke(text);
        }
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">-1 when it was ended by a signal or the connection was lost.</param>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>The last lines it wrote, for an error message.</summary>
    public string Tail =>
        string.Join('\n', (Error.Trim() is { Length: > 0 } error ? error : Output.Trim()).Split('\n').TakeLast(12));
}
