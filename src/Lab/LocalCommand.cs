using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Lab;

/// <summary>A program of this machine with its arguments, which no shell ever parses.</summary>
internal sealed record LocalCommand(string Program, params IReadOnlyList<string> Arguments)
{
    public string? Input { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Called with each line of both streams as it comes.</summary>
    public Action<string>? Seen { get; init; }

    public override string ToString() => string.Join(' ', Arguments.Prepend(Program));

    /// <summary>Runs to the end, whatever the exit code; a cancelled command is killed with all that it started.</summary>
    public async Task<CommandResult> RunAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var process = Start();
        using var kill = cancel.Register(() => Kill(process));
        var output = ReadAsync(process.StandardOutput);
        var error = ReadAsync(process.StandardError);
        await WriteInputAsync(process);
        var result = new CommandResult(await output, await error);
        await process.WaitForExitAsync(CancellationToken.None);
        cancel.ThrowIfCancellationRequested();
        return result with { ExitCode = process.ExitCode };
    }

    /// <summary>The standard output, trimmed. A <see cref="LabException"/> when the exit code is not zero.</summary>
    public async Task<string> OutputAsync(CancellationToken cancel)
    {
        var result = await RunAsync(cancel);
        return result.ExitCode == 0 ? result.Output.Trim() : throw result.AsException(this);
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(Program, Arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => !Inherited.IsHarmless(name)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new LabException($"Could not run `{Program}`.", e.Message, $"Install the program `{Program}`, then run the same command again.", e);
        }
    }

    private async Task<string> ReadAsync(StreamReader reader)
    {
        if (Seen is null)
            return await reader.ReadToEndAsync(CancellationToken.None);
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
        {
            text.Append(line).Append('\n');
            Seen(line);
        }
        return text.ToString();
    }

    private async Task WriteInputAsync(Process process)
    {
        try
        {
            await process.StandardInput.WriteAsync(Input ?? "");
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading its input; its exit code tells the rest.
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }
}

/// <summary>How a command ended, with both of its streams.</summary>
internal sealed record CommandResult(string Output, string Error, int ExitCode = 0)
{
    private const int LinesOfReason = 15;

    public LabException AsException(LocalCommand command) => new(
        $"`{command}` ended with exit code {ExitCode}.",
        Reason(),
        "Correct the cause, then run the same command again: what is done is not repeated.");

    /// <summary>The last lines of the error stream, or of the output when nothing is there.</summary>
    public string Reason()
    {
        var text = Error.Trim() is { Length: > 0 } error ? error : Output.Trim();
        return text.Length == 0 ? "it said nothing" : string.Join("\n       ", text.Split('\n').TakeLast(LinesOfReason));
    }
}
