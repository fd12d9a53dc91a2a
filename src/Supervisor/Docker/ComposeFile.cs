using System.ComponentModel;
using System.Diagnostics;
using Supervisor.Systemd;

namespace Supervisor.Docker;

/// <summary>The compose file that people look at runners with. What compose would write on its containers is asked of compose itself, whose version decides.</summary>
internal sealed class ComposeFile(string path, EventLog log) : IDisposable
{
    private static readonly TimeSpan deadline = TimeSpan.FromSeconds(10);
    // Compose itself may be upgraded under the same file.
    private static readonly TimeSpan fresh = TimeSpan.FromMinutes(30);
    private readonly SemaphoreSlim turn = new(1, 1);
    private (DateTime Written, long Asked) known = (default, -1);
    private Dictionary<string, string> hashes = [];

    public async Task<ComposeMarks> MarksAsync(string slot, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            var written = File.GetLastWriteTimeUtc(path);
            if (written != known.Written || known.Asked < 0 || Stopwatch.GetElapsedTime(known.Asked) > fresh)
            {
                hashes = File.Exists(path) ? await AskAsync(cancel) : [];
                known = (written, Stopwatch.GetTimestamp());
            }
            return new ComposeMarks(path, hashes.GetValueOrDefault(slot));
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task<Dictionary<string, string>> AskAsync(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(deadline);
        try
        {
            using var process = Process.Start(new ProcessStartInfo("docker", ["compose", "--file", path, "config", "--hash", "*"])
            {
                RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/",
                // The service may not read root's home, and without a home that it may read, docker finds no plugins.
                Environment = { ["HOME"] = "/" },
            })!;
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            if (process.ExitCode == 0)
                return output.Split('\n').Select(line => line.Split(' ')).Where(words => words.Length == 2).ToDictionary(words => words[0], words => words[1].Trim());
            Warn((await error).Trim());
        }
        catch (Exception fault) when (fault is Win32Exception || (fault is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            Warn(fault.Message);
        }
        return [];
    }

    private void Warn(string why) => log.Warning("service", $"docker compose up will not take the runners' containers for up to date, for it did not tell their hashes: {why.Split('\n')[0]}");
}

/// <summary>What Docker Compose recognizes a service's container by, and takes it for up to date: of an image it has none to compare, since the file names none that exists.</summary>
/// <param name="Hash">Null: not known.</param>
internal sealed record ComposeMarks(string File, string? Hash)
{
    public IEnumerable<KeyValuePair<string, string>> LabelsOf(string slot)
    {
        yield return new("com.docker.compose.project", "github-runners");
        yield return new("com.docker.compose.service", slot);
        yield return new("com.docker.compose.oneoff", "False");
        yield return new("com.docker.compose.container-number", "1");
        yield return new("com.docker.compose.depends_on", "");
        yield return new("com.docker.compose.project.working_dir", Path.GetDirectoryName(File)!);
        yield return new("com.docker.compose.project.config_files", File);
        if (Hash is not null)
            yield return new(ContainerLabels.ComposeHash, Hash);
    }
}
