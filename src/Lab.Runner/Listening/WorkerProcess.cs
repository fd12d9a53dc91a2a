using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Lab.Runner.Listening;

/// <summary>`bin/Runner.Worker`: there for as long as a job. It reads the job, and orders after it, from its standard input.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;
    private readonly Lock _gate = new();

    private WorkerProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public static WorkerProcess Start(RunnerRoot root, JsonObject message)
    {
        var start = new ProcessStartInfo(root.Worker, ["spawnclient", "0", "1"]) { RedirectStandardInput = true, WorkingDirectory = root.Path };
        var worker = new WorkerProcess(Process.Start(start)!);
        worker.Write(message.ToJsonString());
        return worker;
    }

    public void Tell(WorkerOrder order) => Write(order.ToString());

    /// <summary>Null when the worker ended otherwise than by finishing its job.</summary>
    public async Task<JobResult?> ResultAsync()
    {
        await _process.WaitForExitAsync();
        return Enum.IsDefined((JobResult)_process.ExitCode) ? (JobResult)_process.ExitCode : null;
    }

    public void Dispose() => _process.Dispose();

    private void Write(string line)
    {
        lock (_gate)
        {
            try
            {
                _process.StandardInput.WriteLine(line);
                _process.StandardInput.Flush();
            }
            catch (IOException)
            {
                // It has ended already: its exit code says how.
            }
        }
    }
}

/// <summary>What a listener tells its worker about the job.</summary>
internal enum WorkerOrder
{
    Cancel,
    Shutdown,
}
