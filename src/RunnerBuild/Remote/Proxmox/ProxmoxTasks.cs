using System.Text.Json;

namespace RunnerBuild.Remote.Proxmox;

/// <summary>Follows the tasks that writes start. Many faults of Proxmox show only there, so every task is awaited; none is ever aborted.</summary>
internal sealed class ProxmoxTasks(ProxmoxClient client)
{
    private const int LogPage = 500;
    private const int LastLines = 8;

    /// <summary>How often a task that has just been started may be unknown.</summary>
    private const int Unlisted = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.1);
    private static readonly TimeSpan SecondPause = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    /// <summary>Ends when the task has ended well; a task with warnings has, and they are reported.</summary>
    public async Task AwaitAsync(Upid task, string purpose, TimeSpan limit, IProgress<string> progress, CancellationToken cancel)
    {
        var exit = await ExitAsync(task, purpose, limit, progress, cancel);
        if (exit.StartsWith("WARNINGS", StringComparison.Ordinal))
            progress.Report($"{purpose}: done with {exit.ToLowerInvariant()}: {string.Join(" | ", await LogAsync(task, cancel))}");
        else if (exit != "OK")
            throw await FailureAsync(task, purpose, exit, cancel);
    }

    /// <summary>Ends when the task has ended, well or not: what came of it is read from the machine.</summary>
    public Task SettleAsync(Upid task, string purpose, TimeSpan limit, IProgress<string> progress, CancellationToken cancel) =>
        ExitAsync(task, purpose, limit, progress, cancel);

    /// <summary>The running tasks of one kind, about one guest where one is named, as far as the token may see them.</summary>
    public async Task<IReadOnlyList<Upid>> RunningAsync(string node, string kind, int? vmId, CancellationToken cancel)
    {
        var tasks = await client.GetAsync(
            $"/nodes/{Uri.EscapeDataString(node)}/tasks?source=active&typefilter={kind}{(vmId is null ? "" : $"&vmid={vmId}")}", $"list the tasks of node {node}", cancel);
        return [.. tasks.Items().Where(task => task.Text("endtime") is null).Select(task => Upid.Parse(task.Text("upid"))).OfType<Upid>()];
    }

    private async Task<string> ExitAsync(Upid task, string purpose, TimeSpan limit, IProgress<string> progress, CancellationToken cancel)
    {
        var (started, reported) = (client.Time.GetTimestamp(), TimeSpan.Zero);
        var unlisted = 0;
        for (var pause = FirstPause; ; pause = pause < SecondPause ? SecondPause : Shorter(pause * 1.5, LongestPause))
        {
            var state = await StateAsync(task, mayBeUnlisted: unlisted < Unlisted, cancel);
            unlisted += state is null ? 1 : Unlisted;
            if (state is { } seen && seen.Text("status") != "running")
                return seen.Text("exitstatus") ?? "unexpected status";
            var elapsed = client.Time.GetElapsedTime(started);
            if (elapsed > limit)
                throw TooLate(task, purpose, limit);
            if (elapsed - reported > Silence)
            {
                reported = elapsed;
                progress.Report($"{purpose}: still at it after {elapsed.TotalSeconds:0} s");
            }

            await Task.Delay(pause, client.Time, cancel);
        }
    }

    // A task that has just been started may not be listed yet.
    private async Task<JsonElement?> StateAsync(Upid task, bool mayBeUnlisted, CancellationToken cancel)
    {
        try
        {
            return await client.GetAsync($"{task.Path}/status", $"ask for task {task}", cancel);
        }
        catch (ProxmoxException unknown) when (unknown.Fault is ProxmoxFault.BadRequest && mayBeUnlisted)
        {
            return null;
        }
    }

    private async Task<ProxmoxException> FailureAsync(Upid task, string purpose, string exit, CancellationToken cancel)
    {
        var log = string.Join("\n    ", await LogAsync(task, cancel));
        var space = exit.Contains("space", StringComparison.OrdinalIgnoreCase);
        return new(ProxmoxFaults.OfSentence(exit), $"Could not {purpose}.", $"{exit}\n    {log}\n    (task {task})", space
            ? "Free space on the storage, or name another `storage` in the fleet; then run the same target again."
            : "Correct the cause and run the same target again; what is done is not repeated.");
    }

    private static ProxmoxException TooLate(Upid task, string purpose, TimeSpan limit) => new(
        ProxmoxFault.Other, $"Could not {purpose} within {limit.TotalMinutes:0.#} minutes.", $"Task {task} still runs; it was left running.",
        "See its log in Proxmox's web interface under the node's task history. Run the same target again when it has ended.");

    private async Task<IReadOnlyList<string>> LogAsync(Upid task, CancellationToken cancel)
    {
        var last = new Queue<string>();
        for (var start = 0; ; start += LogPage)
        {
            var lines = (await client.GetAsync($"{task.Path}/log?start={start}&limit={LogPage}", $"read the log of task {task}", cancel)).Items().ToArray();
            foreach (var line in lines.Select(line => line.Text("t")?.Trim()).Where(line => !string.IsNullOrEmpty(line)))
                last.Enqueue(line!);
            while (last.Count > LastLines)
                last.Dequeue();
            if (lines.Length < LogPage)
                return [.. last];
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
