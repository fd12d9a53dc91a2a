using System.Collections.Concurrent;
using System.Diagnostics;

namespace Nuke.Common.Tooling;

/// <summary>A started process with what it wrote so far.</summary>
internal sealed class RunningProcess : IProcess
{
    private readonly Process _process;
    private readonly int? _timeout;
    private readonly Func<string, string> _filter;
    private readonly ConcurrentQueue<Output> _output = new();

    public RunningProcess(ProcessStartInfo start, int? timeout, Action<OutputType, string>? logger, Func<string, string> filter)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.StandardOutputEncoding = start.StandardErrorEncoding = System.Text.Encoding.UTF8;
        _timeout = timeout;
        _filter = filter;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(OutputType.Std, line.Data);
        _process.ErrorDataReceived += (_, line) => Take(OutputType.Err, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        void Take(OutputType type, string? line)
        {
            if (line is null)
                return;
            var text = filter(line);
            _output.Enqueue(new Output { Type = type, Text = text });
            logger?.Invoke(type, text);
        }
    }

    public string FileName => _process.StartInfo.FileName;
    public string Arguments => _filter(_process.StartInfo.Arguments);
    public string WorkingDirectory => _process.StartInfo.WorkingDirectory;
    public IReadOnlyCollection<Output> Output => _output;
    public int ExitCode => _process.ExitCode;
    public bool HasExited => _process.HasExited;
    public int Id => _process.Id;

    public void Kill() => _process.Kill(entireProcessTree: true);

    public bool WaitForExit()
    {
        if (_timeout is { } timeout && !_process.WaitForExit(timeout))
        {
            Kill();
            return false;
        }

        // Only the form without a time also waits for the last lines.
        _process.WaitForExit();
        return true;
    }

    public void Dispose() => _process.Dispose();
}
