using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using RunnerBuild.Config;

namespace RunnerBuild.Remote;

/// <summary>
/// Follows references to secrets, each once a run: a password manager may ask a person. No value, nor any part of what a command printed, is ever in an error.
/// Errors: <see cref="RunnerBuildException"/> when there is nothing where the reference points to.
/// </summary>
/// <param name="given">Secrets that were given to this run, by the name of the environment variable that they stand for; they go before
/// it.</param>
internal sealed class SecretStore(IReadOnlyDictionary<string, string> given)
{
    private readonly ConcurrentDictionary<SecretReference, Lazy<Task<Secret>>> _fetched = new();

    public Task<Secret> FetchAsync(SecretReference reference, CancellationToken cancel) =>
        _fetched.GetOrAdd(reference, _ => new Lazy<Task<Secret>>(() => FollowAsync(reference, cancel))).Value;

    private async Task<Secret> FollowAsync(SecretReference reference, CancellationToken cancel)
    {
        var value = reference switch
        {
            SecretReference.FromEnvironment(var variable) =>
                given.GetValueOrDefault(variable) ?? Environment.GetEnvironmentVariable(variable) ?? "",
            SecretReference.FromFile(var path) => await ReadAsync(path, cancel),
            SecretReference.FromCommand(var line) => await RunAsync(line, cancel),
            _ => throw new UnreachableException(),
        };
        return value.Trim() is { Length: > 0 } trimmed ? new Secret(trimmed) : throw Empty(reference);
    }

    private static async Task<string> ReadAsync(string path, CancellationToken cancel)
    {
        try
        {
            return await File.ReadAllTextAsync(path, cancel);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new RunnerBuildException(
                $"The file {path}, which should hold a secret, cannot be read.",
                File.Exists(path) || Directory.Exists(path) ? fault.Message : "There is no such file.",
                "Write the secret into it and let only yourself read it (chmod 600), or name another place in the fleet file.",
                fault);
        }
    }

    private static async Task<string> RunAsync(string line, CancellationToken cancel)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo("sh", ["-c", line]) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception fault)
        {
            throw Failed(line, $"The shell could not be started: {fault.Message}");
        }

        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancel);
            var errors = process.StandardError.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            await errors;
            return process.ExitCode == 0 ? await output : throw Failed(line, $"It exited with {process.ExitCode}; what it wrote is not shown.");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static RunnerBuildException Failed(string line, string why) => new(
        $"The command `{line}`, which should print a secret, did not.", why,
            "Run it yourself in this shell until it prints the secret, then run the same again.");

    private static RunnerBuildException Empty(SecretReference reference) => reference switch
    {
        SecretReference.FromEnvironment(var variable) => new RunnerBuildException(
            $"The environment variable {variable}, which should hold a secret, is not set or empty.",
            "The fleet file names it.",
            $"Set it (export {variable}=…), or name another place in the fleet file."),
        SecretReference.FromFile(var path) => new RunnerBuildException(
            $"The file {path}, which should hold a secret, is empty.", "The fleet file names it.", "Write the secret into it."),
        SecretReference.FromCommand(var line) => Failed(line, "It exited with 0 and printed nothing."),
        _ => throw new UnreachableException(),
    };
}
