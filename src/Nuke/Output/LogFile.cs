using System.Globalization;
using System.Text;
using Nuke.Common.IO;
using Serilog;
using Serilog.Events;

namespace Nuke.Common.Output;

/// <summary>.nuke/temp/build.log of the last run, at every level. What is logged before it is opened is kept until then.</summary>
internal sealed class LogFile : IDisposable
{
    private const int TargetWidth = 20;
    private readonly StringBuilder _early = new();
    private StreamWriter? _writer;

    /// <summary>Replaces the file of the last run. A directory that cannot be written to costs a warning, no more.</summary>
    public void Open(AbsolutePath directory)
    {
        try
        {
            // A file of its own for each run: one that still runs beside this one goes on writing to the old.
            var path = directory.CreateDirectory() / "build.log";
            path.DeleteFile();
            _writer = new StreamWriter(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)) { AutoFlush = true };
            _writer.Write(_early);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.Warning("No log file is written: {Reason:l}", exception.Message);
        }
    }

    public void Write(LogEvent log, string target, string message)
    {
        var time = log.Timestamp.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var name = (target.Length > TargetWidth ? target[..TargetWidth] : target).PadRight(TargetWidth);
        var end = log.Exception is null ? "" : log.Exception + Environment.NewLine;
        var line = Secrets.Known.Hide($"{time} | {log.Level.ToString()[0]} | {name} | {message}{Environment.NewLine}{end}");
        if (_writer != null)
            _writer.Write(line);
        else
            _early.Append(line);
    }

    public void Dispose() => _writer?.Dispose();
}
