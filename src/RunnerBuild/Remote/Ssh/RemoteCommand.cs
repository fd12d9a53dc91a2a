using System.Text;
using Renci.SshNet;

namespace RunnerBuild.Remote.Ssh;

/// <summary>A command that runs on a machine while this one writes to it and reads from it.</summary>
internal sealed class RemoteCommand : IAsyncDisposable
{
    private const int Kept = 16 * 1024;
    private readonly SshCommand _command;
    private readonly Stream _input;
    private readonly Task _execution;
    private readonly Task _errors;
    private readonly StringBuilder _error = new();
    private bool _wrote;

    private RemoteCommand(SshCommand command, Stream input, Task execution)
    {
        _command = command;
        _input = input;
        _execution = execution;
        _errors = Task.Run(ReadErrors);
    }

    public static async Task<RemoteCommand> StartAsync(SshClient client, string commandLine, CancellationToken cancel)
    {
        var command = client.CreateCommand(commandLine);
        var execution = command.ExecuteAsync(CancellationToken.None);
        return new RemoteCommand(command, await Task.Run(command.CreateInputStream, cancel), execution);
    }

    /// <summary>True once it has ended, however.</summary>
    public bool HasEnded => _execution.IsCompleted;

    /// <summary>What is left to read of its output. It blocks its thread while there is nothing.</summary>
    public Stream Output => _command.OutputStream;

    /// <summary>Returns when the machine has taken it, or the command has ended.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        _wrote = true;
        var writing = Task.Factory.StartNew(
            () =>
            {
                _input.Write(content.Span);
                _input.Flush();
            },
            cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        // A command that ended reads no more: who waited for it to would wait for ever.
        await await Task.WhenAny(writing, _execution).WaitAsync(cancel);
    }

    /// <summary>Says that no more comes, and waits for the end.</summary>
    public async Task<CommandResult> EndAsync(CancellationToken cancel)
    {
        // SSH.NET tells the end only of an input that had a beginning.
        if (!_wrote && !HasEnded)
            await WriteAsync("\n"u8.ToArray(), cancel);
        await Task.Run(_input.Dispose, cancel);
        await _execution.WaitAsync(cancel);
        await _errors;
        lock (_error)
            return new CommandResult(_command.ExitStatus ?? -1, "", _error.ToString());
    }

    private void ReadErrors()
    {
        using var reader = new StreamReader(_command.ExtendedOutputStream, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            lock (_error)
            {
                if (_error.Length < Kept)
                    _error.Append(line).Append('\n');
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_execution.IsCompleted)
        {
            // Its program sees the end of its input, or of whom it writes to, and ends.
            _command.CancelAsync(forceKill: true, millisecondsTimeout: 500);
            await Task.WhenAny(_execution, Task.Delay(TimeSpan.FromSeconds(2)));
        }

        _command.Dispose();
    }
}
