using System.Globalization;
using Serilog.Core;
using Serilog.Events;

namespace Nuke.Common.Output;

/// <summary>Where log events go: to the console from the wanted level on, to the file all, and to the recap warnings and errors.</summary>
internal sealed class LogSink(BuildOutput output, LogFile file) : ILogEventSink
{
    private readonly Lock _lock = new();
    private readonly List<(LogEventLevel Level, string Target, string Message)> _recap = [];

    public void Emit(LogEvent logEvent)
    {
        var palette = output.Palette;
        lock (_lock)
        {
            var target = output.Scope?.Name ?? "";
            var message = LogLine.Message(logEvent, new Palette(hasColours: false));
            file.Write(logEvent, target, message);
            if (logEvent.Level >= LogEventLevel.Warning)
            {
                _recap.Add((logEvent.Level, target, message));
                output.Annotate(logEvent.Level == LogEventLevel.Warning ? "warning" : "error", message);
            }

            if (logEvent.Level >= Least(output.Session.Verbosity))
            {
                var prefix = output.Session.IsShown(DefaultOutput.Timestamps) ? Prefix(logEvent, palette) : "";
                output.Line(prefix + LogLine.Message(logEvent, palette) + Trailer(logEvent.Exception), isLogged: true);
            }
        }
    }

    /// <summary>Shows once more what was wrong, one line each, whatever the verbosity.</summary>
    public void WriteRecap()
    {
        lock (_lock)
        {
            if (_recap.Count == 0)
                return;

            var palette = output.Palette;
            using (output.Block("Errors & Warnings"))
            {
                foreach (var (level, target, message) in _recap)
                {
                    var place = $"{palette.Aside("[")}{palette.Of(level, LogLine.Level(level))}{palette.Aside("] ")}{palette.Aside(target)}{palette.Aside(": ")}";
                    output.Line(place + palette.Message(Execution.Failure.FirstLine(message)), isLogged: true);
                }
            }
        }
    }

    private static string Prefix(LogEvent log, Palette palette) =>
        palette.Aside(log.Timestamp.ToString("HH:mm:ss", CultureInfo.InvariantCulture))
        + palette.Aside(" [") + palette.Of(log.Level, LogLine.Level(log.Level)) + palette.Aside("] ");

    private static string Trailer(Exception? exception) => exception is null ? "" : Environment.NewLine + exception;

    private static LogEventLevel Least(Verbosity verbosity) => verbosity switch
    {
        Verbosity.Verbose => LogEventLevel.Verbose,
        Verbosity.Normal => LogEventLevel.Debug,
        Verbosity.Minimal => LogEventLevel.Warning,
        _ => LogEventLevel.Error,
    };
}
