using System.Diagnostics;

namespace Supervisor.Tests.Doubles;

/// <summary>The service as a process of its own, which does not outlive the test.</summary>
internal sealed class RunningProgram : IDisposable
{
    private static readonly TimeSpan deadline = TimeSpan.FromSeconds(20);
    private readonly Process process;
    private readonly Task<string> output;

    public RunningProgram(RunnerHost host)
    {
        var directory = host.Options.RuntimeDirectory;
        var program = Path.Combine(AppContext.BaseDirectory, "github-docker-runners.dll");
        process = Process.Start(new ProcessStartInfo("dotnet", [program, "--settings", host.SettingsPath])
        {
            RedirectStandardOutput = true,
            Environment = { ["RUNTIME_DIRECTORY"] = directory, ["STATE_DIRECTORY"] = directory, ["CREDENTIALS_DIRECTORY"] = directory },
        })!;
        output = process.StandardOutput.ReadToEndAsync();
    }

    public int Id => process.Id;

    /// <summary>Sends SIGTERM, as systemd does.</summary>
    public async Task<int> EndAsync()
    {
        await Shell.RunAsync("kill", "-TERM", $"{Id}");
        return await ExitAsync();
    }

    public async Task KillAsync()
    {
        process.Kill();
        await ExitAsync();
    }

    public async Task<int> ExitAsync()
    {
        await process.WaitForExitAsync().WaitAsync(deadline);
        return process.ExitCode;
    }

    public Task<string> OutputAsync() => output;

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }
}
