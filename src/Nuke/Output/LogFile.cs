using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Nuke.Common.IO;
using Serilog;
using Serilog.Events;

namespace Nuke.Common.Output;

/// <summary>All of a run, at every level, in a file of its own below .nuke/temp; build.log is that of the last run. What comes before it is opened is kept until then.</summary>
internal sealed partial class LogFile : IDisposable
{
    private const int TargetWidth = 20;
    private const int Runs = 5;
    private readonly Lock _lock = new();
    private readonly StringBuilder _early = new();
    private readonly List<StreamWriter> _writers = [];

    /// <summary>Begins the file of this run. A directory that cannot be written to costs a warning, no more.</summary>
    public void Open(AbsolutePath directory)
    {
        try
        {
            directory.CreateDirectory();
            RemoveOld(directory);
            var time = DateTime.Now.ToString("yyyy-MM-dd_HH-mm-ss", CultureInfo.InvariantCulture);
            var own = Enumerable.Range(1, 99).Select(i => directory / (i == 1 ? $"build.{time}.log" : $"build.{time}.{i}.log")).First(x => !x.FileExists());
            Begin(own, FileMode.CreateNew);

            // A run that goes on beside this one keeps writing to the file that it opened, which has lost its name.
            (directory / "build.log").DeleteFile();
            Begin(directory / "build.log", FileMode.Create);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.Warning("The log file is not written: {Reason:l}", exception.Message);
        }
    }

    public void Write(LogEvent log, string target, string message) =>
        Write(log.Timestamp, log.Level.ToString()[0], target, message + (log.Exception is null ? "" : Environment.NewLine + log.Exception));

    /// <summary>A line that the build or the engine wrote to the console.</summary>
    public void WriteOutput(string target, string line) => Write(DateTimeOffset.Now, 'O', target, Colours().Replace(line.TrimEnd('\r'), ""));

    public void Dispose() => _writers.ForEach(x => x.Dispose());

    private void Write(DateTimeOffset timestamp, char kind, string target, string text)
    {
        var time = timestamp.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var name = (target.Length > TargetWidth ? target[..TargetWidth] : target).PadRight(TargetWidth);
        var line = SecretValues.Known.Hide($"{time} | {kind} | {name} | {text}{Environment.NewLine}");
        lock (_lock)
        {
            if (_writers.Count == 0)
                _early.Append(line);
            _writers.ForEach(x => x.Write(line));
        }
    }

    private void Begin(AbsolutePath path, FileMode mode)
    {
        var writer = new StreamWriter(new FileStream(path, mode, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)) { AutoFlush = true };
        lock (_lock)
        {
            writer.Write(_early);
            _writers.Add(writer);
        }
    }

    // Never one that a run may still be writing to.
    private static void RemoveOld(AbsolutePath directory) =>
        directory.GetFiles("build.*-*.log").OrderByDescending(x => x.Name, StringComparer.Ordinal).Skip(Runs - 1)
            .Where(x => File.GetLastWriteTimeUtc(x) < DateTime.UtcNow.AddHours(-1)).DeleteFiles();

    [GeneratedRegex("\u001b\\[[0-9;]*m")]
    private static partial Regex Colours();
}
