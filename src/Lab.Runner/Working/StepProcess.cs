using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Lab.Runner.Working;

/// <summary>A program of a step; its lines go to the log. When cancelled it gets SIGINT, SIGTERM after 7.5 s, and is killed 2.5 s later.</summary>
internal sealed partial class StepProcess(Action<string> write)
{
    private const int Interrupt = 2;
    private const int Terminate = 15;
    private static readonly TimeSpan AfterInterrupt = TimeSpan.FromSeconds(7.5);
    private static readonly TimeSpan AfterTerminate = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan LastLines = TimeSpan.FromSeconds(2);

    /// <summary>The exit code.</summary>
    public async Task<int> RunAsync(
        string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string> environment, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        using var process = Process.Start(start) ?? throw new IOException($"{program} did not start.");
        process.StandardInput.Close();
        var output = Task.WhenAll(CopyAsync(process.StandardOutput), CopyAsync(process.StandardError));
        await using (cancel.Register(() => _ = StopAsync(process)))
            await process.WaitForExitAsync(CancellationToken.None);
        await Task.WhenAny(output, Task.Delay(LastLines, CancellationToken.None));
        return process.ExitCode;
    }

    private async Task CopyAsync(StreamReader reader)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
                write(line);
        }
        catch (Exception closed) when (closed is ObjectDisposedException or IOException)
        {
            // A background process held the pipe open after its step had ended.
        }
    }

    private static async Task StopAsync(Process process)
    {
        try
        {
            _ = Kill(process.Id, Interrupt);
            if (await ExitsWithinAsync(process, AfterInterrupt))
                return;

            _ = Kill(process.Id, Terminate);
            if (!await ExitsWithinAsync(process, AfterTerminate))
                process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has been disposed of: it ended between two looks.
        }
    }

    private static async Task<bool> ExitsWithinAsync(Process process, TimeSpan time)
    {
        using var limit = new CancellationTokenSource(time);
        await process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return process.HasExited;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
