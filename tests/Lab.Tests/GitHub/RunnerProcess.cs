using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Lab.Tests.GitHub;

/// <summary>The real stand-in program in a runner root of its own, started with a just-in-time configuration.</summary>
internal sealed partial class RunnerProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private RunnerProcess(Process process, string root)
    {
        (_process, Root) = (process, root);
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Root { get; }
    public int Id => _process.Id;
    public bool Ended => _process.HasExited;

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public static RunnerProcess Start(string? configuration, Dictionary<string, string>? environment = null, params string[] arguments)
    {
        var root = NewRoot();
        return Start(root, configuration, environment, arguments);
    }

    public static RunnerProcess Start(string root, string? configuration, Dictionary<string, string>? environment = null, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(root, "bin", "Runner.Listener"), arguments is [] ? ["run"] : arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["RUNNER_ALLOW_RUNASROOT"] = "1";
        if (configuration is not null)
            start.Environment["ACTIONS_RUNNER_INPUT_JITCONFIG"] = configuration;
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        return new(Process.Start(start)!, root);
    }

    /// <summary>A runner root as a release unpacks to, with this build's program.</summary>
    public static string NewRoot()
    {
        var root = Directory.CreateTempSubdirectory("runner-root-").FullName;
        var bin = Directory.CreateDirectory(Path.Combine(root, "bin")).FullName;
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory, "Runner.Listener*"))
            File.Copy(file, Path.Combine(bin, Path.GetFileName(file)));
        File.Copy(Path.Combine(bin, "Runner.Listener"), Path.Combine(bin, "Runner.Worker"));
        return root;
    }

    /// <summary>The exit code, within 60 seconds.</summary>
    public async Task<int> ExitAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The runner does not end. It wrote:\n{Output}");
        }
        return _process.ExitCode;
    }

    public Task ListensAsync() => DoubleServer.UntilAsync(() => Output.Contains("Listening for Jobs", StringComparison.Ordinal), $"no session: {Output}");

    public void Signal(int signal) => Kill(Id, signal).ShouldBe(0);

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        // Several processes may have had it one after the other.
        if (Directory.Exists(Root))
            Directory.Delete(Root, recursive: true);
    }

    private void Note(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
