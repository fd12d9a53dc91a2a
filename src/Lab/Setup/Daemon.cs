using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Lab.Setup;

/// <summary>A program that outlives the command that starts it, known again by its process id, start time and command line.</summary>
internal sealed record Daemon(string Name, LocalCommand Command, string Log, string Directory)
{
    private const int Terminate = 15;
    private const int LinesOfLog = 15;

    private string PidFile => Path.Combine(Directory, Name);

    /// <summary>Whether it runs with this very command line.</summary>
    public bool IsRunning => Recorded(Directory, Name) is { } pid && CommandLine(pid) == Joined;

    private string Joined => string.Concat(Command.Arguments.Prepend(Command.Program).Select(argument => argument + '\0'));

    /// <summary>Starts it, and returns when <paramref name="answers"/> does; a <see cref="LabException"/> with the end of its log when it ends before, or is late.</summary>
    public async Task StartAsync(Func<CancellationToken, Task<bool>> answers, TimeSpan patience, CancellationToken cancel)
    {
        System.IO.Directory.CreateDirectory(Directory);
        using var process = Detach();
        await File.WriteAllTextAsync(PidFile, $"{process.Id} {StartTime(process.Id)}\n", cancel);
        var clock = Stopwatch.StartNew();
        while (!await answers(cancel))
        {
            if (process.HasExited)
                throw Failed($"it ended with exit code {process.ExitCode}");
            if (clock.Elapsed > patience)
                throw Failed($"it did not answer within {patience.TotalSeconds:0} seconds");
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancel);
        }
    }

    /// <summary>Asks the program that was recorded under a name to end, and kills it after <paramref name="grace"/>. True when there was one.</summary>
    public static async Task<bool> StopAsync(string directory, string name, TimeSpan grace, CancellationToken cancel)
    {
        if (Recorded(directory, name) is not { } pid)
            return false;
        Signal(pid, Terminate);
        var clock = Stopwatch.StartNew();
        while (Recorded(directory, name) is not null && clock.Elapsed < grace)
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancel);
        if (Recorded(directory, name) is not null)
            Signal(pid, 9);
        File.Delete(Path.Combine(directory, name));
        return true;
    }

    // A new session, so that neither a closed terminal nor Ctrl-C reaches it.
    private Process Detach()
    {
        var start = new ProcessStartInfo("setsid", ["bash", Path.Combine(AppContext.BaseDirectory, "Setup", "detach"), Log, Command.Program, .. Command.Arguments]);
        foreach (var name in start.Environment.Keys.Where(name => !Inherited.IsHarmless(name)).ToList())
            start.Environment.Remove(name);
        return Process.Start(start)!;
    }

    private LabException Failed(string why) => new(
        $"The {Name} of the lab did not start: {why}.",
        File.Exists(Log) ? "its log ends with\n       " + string.Join("\n       ", File.ReadLines(Log).TakeLast(LinesOfLog)) : "it left no log.",
        $"Correct the cause, then run the same command again. The whole log is in {Log}.");

    /// <summary>The process of that name while it lives; null when its id now belongs to another one.</summary>
    private static int? Recorded(string directory, string name)
    {
        var file = Path.Combine(directory, name);
        return File.Exists(file) && File.ReadAllText(file).Split(' ', '\n') is [var pid, var started, ..]
            && int.TryParse(pid, CultureInfo.InvariantCulture, out var id) && StartTime(id) == started
                ? id
                : null;
    }

    /// <summary>In clock ticks since the machine's start; null when there is no such process, or only a zombie.</summary>
    private static string? StartTime(int pid)
    {
        if (Text($"/proc/{pid}/stat") is not { } stat)
            return null;
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[0] == "Z" ? null : fields[19];
    }

    private static string? CommandLine(int pid) => Text($"/proc/{pid}/cmdline");

    private static string? Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            // The process ended, perhaps while being looked at.
            return null;
        }
    }

    private static void Signal(int pid, int signal)
    {
        // ESRCH, it has ended by itself, is what is wanted.
        _ = Kill(pid, signal);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int pid, int signal);
}
