using System.Diagnostics;
using System.Text;

namespace RunnerBuild.Remote;

/// <summary>A program on this machine, run to its end.</summary>
internal static class LocalProcess
{
    /// <param name="line">Called with every line of output and of errors as it comes.</param>
    /// <returns>Exit code, and all that was written.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string program, IEnumerable<string> arguments, string folder, Action<string>? line, CancellationToken cancel)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
            },
        };
        var output = new StringBuilder();
        void Take(string? text)
        {
            if (text is null)
                return;
            lock (output)
                output.AppendLine(text);
            line?.Invoke(text);
        }

        process.OutputDataReceived += (_, e) => Take(e.Data);
        process.ErrorDataReceived += (_, e) => Take(e.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, output.ToString());
    }
}
