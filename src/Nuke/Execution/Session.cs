using System.Diagnostics.CodeAnalysis;
using Nuke.Common.IO;
using Nuke.Common.Output;
using Serilog;

namespace Nuke.Common.Execution;

/// <summary>The state that a build sees as static members; one run at a time per process. Disposing restores console and logger.</summary>
internal sealed class Session : IDisposable
{
    private readonly TextWriter _console = Console.Out;
    private readonly TextWriter _error = Console.Error;
    private readonly LogFile _file = new();
    private readonly LogSink _sink;

    private Session(Invocation invocation)
    {
        Invocation = invocation;
        var writer = TextWriter.Synchronized(new MaskingWriter(invocation.Output));
        Output = new BuildOutput(this, writer);
        _sink = new LogSink(Output, _file);
        Console.SetOut(writer);
        Console.SetError(TextWriter.Synchronized(new MaskingWriter(_error)));
        Log.Logger = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(_sink).CreateLogger();
    }

    public static Session? Current { get; private set; }

    public static Session Required => Current ?? throw new InvalidOperationException("There is no build running in this process");

    public Invocation Invocation { get; }
    public BuildOutput Output { get; }
    public AbsolutePath? Root { get; set; }
    public Host Host { get; set; } = new Terminal();
    public Verbosity Verbosity { get; set; } = Verbosity.Normal;
    public Interruption? Interruption { get; set; }

    [SuppressMessage("Reliability", "CA2000", Justification = "The caller disposes it.")]
    public static Session Start(Invocation invocation) => Current = new Session(invocation);

    /// <summary>Opens the log file, except on a CI system, which keeps the log itself.</summary>
    public void OpenLogFile()
    {
        if (Host is not CI.IBuildServer)
            _file.Open(Root! / ".nuke" / "temp");
    }

    public void WriteRecap() => _sink.WriteRecap();

    public void Dispose()
    {
        Log.CloseAndFlush();
        _file.Dispose();
        Console.SetOut(_console);
        Console.SetError(_error);
        Secrets.Forget();
        Current = null;
    }
}
