using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace RunnerBuild.Remote;

/// <summary>A program on this machine, run to its end, without the secrets that this one's environment holds.</summary>
internal static partial class LocalProcess
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
        foreach (var name in process.StartInfo.Environment.Where(pair => IsSecret(pair.Key, pair.Value)).Select(pair => pair.Key).ToList())
            process.StartInfo.Environment.Remove(name);
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

    // What compiles or serves here has no use for them, and some of it outlives this run. NuGet's are for the feeds that a restore asks.
    private static bool IsSecret(string name, string? value) =>
        value is not null && Redaction.Mask(value) != value || SecretName().IsMatch(name) && !name.StartsWith("NuGetPackageSourceCredentials_", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|PRIVATE_?KEY|API_?KEY", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();
}
