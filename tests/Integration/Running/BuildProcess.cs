using System.Diagnostics;
using System.Text;

namespace Integration.Running;

/// <summary>The program that `build.sh` starts, as a process of its own that can be killed at any moment.</summary>
internal sealed class BuildProcess : IDisposable
{
    // No run of a test takes half of it.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private BuildProcess(string root, IEnumerable<string> arguments)
    {
        File.Exists(Repository.Build).ShouldBeTrue($"{Repository.Build} is not built: run ./build.sh once");
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(LocalProgram.DotNet, ["exec", Repository.Build, .. arguments])
            {
                WorkingDirectory = root, RedirectStandardOutput = true, RedirectStandardError = true,
            },
        };
        _process.OutputDataReceived += (_, said) => Keep(said.Data);
        _process.ErrorDataReceived += (_, said) => Keep(said.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <param name="root">A folder with the project's files, or one below it.</param>
    public static BuildProcess Start(string root, params IEnumerable<string> arguments) => new(root, arguments);

    /// <summary>With SIGKILL: it can neither notice nor tidy up.</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    /// <summary>Waits until it has said something; it may have ended then.</summary>
    public Task SaysAsync(string text, TimeSpan limit) => Eventually.Async(() => Task.FromResult(Said()), said => said.Contains(text, StringComparison.Ordinal), limit);

    public async Task<Ended> EndAsync(CancellationToken cancel)
    {
        try
        {
            await _process.WaitForExitAsync(cancel).WaitAsync(Longest, cancel);
        }
        catch (TimeoutException)
        {
            Kill();
            Assert.Fail($"It did not end within {Longest.TotalMinutes:0} min. {Said()}");
        }

        return new Ended(_process.ExitCode, Said());
    }

    private string Said()
    {
        lock (_output)
            return _output.ToString();
    }

    private void Keep(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }
}
