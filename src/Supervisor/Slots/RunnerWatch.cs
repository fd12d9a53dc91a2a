using Supervisor.Docker;
using Supervisor.Evidence;

namespace Supervisor.Slots;

/// <summary>Follows one container's output from its first line, so that it also knows the past of a container that was adopted.</summary>
internal sealed class RunnerWatch : IAsyncDisposable
{
    private static readonly TimeSpan retry = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource stop = new();
    private readonly Task following;
    private volatile RunnerProgress progress = RunnerProgress.None;

    /// <param name="wake">Called when the progress changed and when the output ended.</param>
    /// <param name="log">Gets every line too.</param>
    public RunnerWatch(DockerEngine engine, string container, DateTimeOffset seen, Action wake, ContainerLog log)
    {
        Container = container;
        Seen = seen;
        following = FollowAsync(engine, wake, log, stop.Token);
    }

    public string Container { get; }

    /// <summary>When this program first saw the container.</summary>
    public DateTimeOffset Seen { get; }

    public RunnerProgress Progress => progress;

    /// <summary>Waits until all output was read, which ends with the container, or until <paramref name="deadline"/>.</summary>
    public async Task<RunnerProgress> FinalAsync(TimeSpan deadline)
    {
        await Task.WhenAny(following, Task.Delay(deadline));
        return progress;
    }

    /// <summary>Reads what a container said so far, all of it, once.</summary>
    public static async Task<RunnerProgress> ReadAsync(DockerEngine engine, string container, CancellationToken cancel)
    {
        var progress = RunnerProgress.None;
        await using var output = await engine.OutputAsync(container, follow: false, cancel);
        await foreach (var line in OutputLines.ReadAsync(output, cancel))
            progress = After(progress, TimedLine.Parse(line));
        return progress;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await following;
        stop.Dispose();
    }

    private async Task FollowAsync(DockerEngine engine, Action wake, ContainerLog log, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await using var output = await engine.OutputAsync(Container, follow: true, cancel);
                log.Begin();
                await foreach (var text in OutputLines.ReadAsync(output, cancel))
                {
                    var line = TimedLine.Parse(text);
                    Note(line, wake);
                    log.Add(line);
                }
                // dockerd ends the output too when it stops; only the container's own end is final.
                if (await engine.InspectAsync(Container, cancel) is not { Status: "running" or "paused" })
                    return;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception)
            {
                // The engine is away, which the loop reports, or answered nonsense: this reads on when it is back. A watch that ended would let a busy runner look idle.
            }
            finally
            {
                wake();
            }
            await Task.Delay(retry, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static RunnerProgress After(RunnerProgress progress, TimedLine line) => progress.After(line.Text, line.At);

    private void Note(TimedLine line, Action wake)
    {
        var before = progress;
        progress = After(before, line);
        if (progress.Stage != before.Stage)
            wake();
    }
}
