using System.Diagnostics;

namespace Supervisor.Tests.Doubles;

/// <summary>The service as a process of its own, which does not outlive the test.</summary>
internal sealed class RunningProgram : IDisposable
{
    private static readonly TimeSpan deadline = TimeSpan.FromSeconds(20);
    private readonly Process process;
    private readonly Task<string> output;

    /// <param name="systemd">Starts it with what it keeps; null: nobody does.</param>
    public RunningProgram(RunnerHost host, SystemdDouble? systemd = null)
    {
        var directory = host.Options.RuntimeDirectory;
        var program = Path.Combine(AppContext.BaseDirectory, "github-docker-runners.dll");
        string[] arguments = [program, "--settings", host.SettingsPath];
        var start = systemd?.Starting("dotnet", arguments) ?? new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true };
        foreach (var name in (string[])["RUNTIME_DIRECTORY", "STATE_DIRECTORY", "CREDENTIALS_DIRECTORY"])
            start.Environment[name] = directory;
        process = Process.Start(start)!;
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
