using System.Diagnostics;
using System.Globalization;
using System.Text;
using RunnerBuild.Remote.Ssh;

namespace RunnerBuild.Remote;

/// <summary>The machine that this program runs on.</summary>
internal sealed class LocalMachine : IMachine
{
    // Systemd's own test of whether it is at work here (sd_booted).
    private const string Systemd = "/run/systemd/system";

    /// <summary>Errors: <see cref="RunnerBuildException"/> where nothing can be installed for systemd.</summary>
    /// <param name="changes">Only root may; whoever only looks need not be.</param>
    public static LocalMachine WithSystemd(bool changes)
    {
        if (!Directory.Exists(Systemd))
            throw new RunnerBuildException(
                "This machine has no systemd, so it has no timers either.", $"There is no {Systemd}.",
                "Run it on another machine that has the fleet file and its secrets, or have whatever starts programs by the clock here run `./build.sh Nightly --fleet FILE`.");
        if (changes && !Environment.IsPrivilegedProcess)
            throw new RunnerBuildException(
                "Only root can install a timer for the whole machine.", $"This is {Environment.UserName}.", "Run it with sudo; --dry-run shows what it would do, without.");
        return new LocalMachine();
    }

    public async Task<string> CheckAsync(string summary, string script, IReadOnlyList<string> arguments, Action<string>? line, CancellationToken cancel)
    {
        var result = await RunAsync(["-s", "--", .. arguments], Encoding.UTF8.GetBytes(script), cancel);
        foreach (var text in result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            line?.Invoke(text);
        return result.ExitCode == 0 ? result.Output : throw new RunnerBuildException(
            $"{summary}: the command on this machine ended with exit code {result.ExitCode}.", result.Tail, "Nothing after it was done. Correct the cause and run the same target again; what is done is not repeated.");
    }

    public async Task WriteAsync(string path, byte[] content, string mode, string owner, CancellationToken cancel)
    {
        const string Install = """set -eu; draft=$(mktemp "$1.XXXXXX"); trap 'rm -f "$draft"' EXIT; chmod "$2" "$draft"; chown "$3" "$draft"; cat >"$draft"; [ "$(stat -c %s "$draft")" = "$4" ]; mv -f "$draft" "$1" """;
        var result = await RunAsync(["-c", Install, "write", path, mode, owner, content.Length.ToString(CultureInfo.InvariantCulture)], content, cancel);
        if (result.ExitCode != 0)
            throw new RunnerBuildException($"Could not write {path}.", result.Tail, "Correct the cause (often a full disk: `df -h`) and run the same target again.");
    }

    private static async Task<CommandResult> RunAsync(IReadOnlyList<string> arguments, byte[] input, CancellationToken cancel)
    {
        using var bash = new Process
        {
            StartInfo = new ProcessStartInfo("bash", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        bash.Start();
        var output = bash.StandardOutput.ReadToEndAsync(cancel);
        var error = bash.StandardError.ReadToEndAsync(cancel);
        await bash.StandardInput.BaseStream.WriteAsync(input, cancel);
        bash.StandardInput.Close();
        await bash.WaitForExitAsync(cancel);
        return new CommandResult(bash.ExitCode, await output, await error);
    }
}
