using Renci.SshNet;

namespace RunnerBuild.Remote.Ssh;

/// <summary>The standard input and output of a remote command as one stream, for protocols that speak over it.</summary>
internal sealed class DialStream : Stream
{
    private readonly SshCommand _command;
    private readonly Stream _input;
    private readonly Task _execution;

    private DialStream(SshCommand command, Stream input, Task execution)
    {
        _command = command;
        _input = input;
        _execution = execution;
    }

    public static async Task<Stream> OpenAsync(SshClient client, string commandLine, CancellationToken cancel)
    {
        var command = client.CreateCommand(commandLine);
        var execution = command.ExecuteAsync(CancellationToken.None);
        var input = await Task.Run(command.CreateInputStream, cancel);
        return new DialStream(command, input, execution);
    }

    public override int Read(byte[] buffer, int offset, int count) => _command.OutputStream.Read(buffer, offset, count);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        // SSH.NET's stream blocks: it must not block a thread that others wait for.
        new(Task.Factory.StartNew(
            () => _command.OutputStream.Read(buffer.Span), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default));

    public override void Write(byte[] buffer, int offset, int count) => _input.Write(buffer, offset, count);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        new(Task.Run(() => _input.Write(buffer.Span), cancellationToken));

    public override void Flush() => _input.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.Run(_input.Flush, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _input.Dispose();
            if (!_execution.IsCompleted)
                _command.CancelAsync(forceKill: true, millisecondsTimeout: 500);
            _command.Dispose();
        }

        base.Dispose(disposing);
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
}
