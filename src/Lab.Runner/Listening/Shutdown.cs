using System.Runtime.InteropServices;

namespace Lab.Runner.Listening;

/// <summary>Turns SIGINT and SIGTERM into a token and the exit code that belongs to them.</summary>
internal sealed class Shutdown : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;

    public Shutdown() => _signals =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Request(signal, Runner.ExitCode.Done)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Request(signal, Runner.ExitCode.Signalled)),
    ];

    public CancellationToken Token => _source.Token;

    public int ExitCode { get; private set; }

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _source.Dispose();
    }

    private void Request(PosixSignalContext signal, int code)
    {
        signal.Cancel = true;
        ExitCode = code;
        _source.Cancel();
    }
}
