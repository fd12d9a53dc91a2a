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
    private readonly LogSink _sink;
    private readonly ConsoleWriter _written;
    private readonly ConsoleWriter _complained;

    private Session(Invocation invocation)
    {
        Invocation = invocation;
        Output = new BuildOutput(this, invocation.Output);
        _sink = new LogSink(Output, File);
        _written = new ConsoleWriter(Output, File);
        Console.SetOut(_written);
        _complained = new ConsoleWriter(Output, File, _error);
        Console.SetError(_complained);
        Log.Logger = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(_sink).CreateLogger();
    }

    public static Session? Current { get; private set; }

    public static Session Required => Current ?? throw new InvalidOperationException("There is no build running in this process");

    public LogFile File { get; } = new();
    public Invocation Invocation { get; }
    public BuildOutput Output { get; }
    public AbsolutePath? Root { get; set; }
    public Host Host { get; set; } = new Terminal();
    public Verbosity Verbosity { get; set; } = Verbosity.Normal;
    public Interruption? Interruption { get; set; }
    public Parameters.Request? Request { get; set; }
    public IReadOnlyCollection<DefaultOutput> Hidden { get; set; } = [];
    public string[] Profiles => Request?.Profiles ?? [];

    [SuppressMessage("Reliability", "CA2000", Justification = "The caller disposes it.")]
    public static Session Start(Invocation invocation) => Current = new Session(invocation);

    /// <summary>Opens the log file, except on a CI system, which keeps the log itself.</summary>
    public void OpenLogFile()
    {
        if (Host is not CI.IBuildServer)
            File.Open(Root! / ".nuke" / "temp");
    }

    /// <summary>Shows what the console still holds back of the output of this target.</summary>
    public void FinishConsole()
    {
        _written.Finish();
        _complained.Finish();
    }

    public bool IsShown(DefaultOutput part) => !Hidden.Contains(part);

    public void WriteRecap() => _sink.WriteRecap();

    public void Dispose()
    {
        Log.CloseAndFlush();
        FinishConsole();
        File.Dispose();
        Console.SetOut(_console);
        Console.SetError(_error);
        SecretValues.Forget();
        Current = null;
    }
}
