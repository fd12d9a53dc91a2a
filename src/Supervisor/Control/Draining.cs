using System.Diagnostics;

namespace Supervisor.Control;

/// <summary><c>runnerctl drain</c>: no new runners; with a wait, until those that are there have gone.</summary>
internal sealed class Draining(ControlClient client, IReadOnlyList<string> slots, TextWriter output, TextWriter errors)
{
    public const int TimeIsUp = 3;
    // A service that is exchanged or restarted meanwhile answers again within seconds.
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan pause = TimeSpan.FromSeconds(0.5);

    /// <param name="limit">Null: as long as it takes.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> WaitAsync(TimeSpan? limit)
    {
        var watch = Stopwatch.StartNew();
        var told = "";
        while (true)
        {
            var left = await LeftAsync();
            if (left.Count == 0)
                return 0;
            if (watch.Elapsed >= limit)
            {
                await errors.WriteLineAsync(
                    $"Not drained after {limit.Value.TotalSeconds:0} s: {string.Join(", ", left)}. They still take no more jobs; runnerctl drain --wait waits on, runnerctl resume lets them serve again.");
                return TimeIsUp;
            }
            if (told != (told = $"waiting for {string.Join(", ", left)}"))
                await output.WriteLineAsync(told);
            await Task.Delay(limit - watch.Elapsed is { } rest && rest < pause ? rest : pause);
        }
    }

    private async Task<IReadOnlyList<string>> LeftAsync()
    {
        var status = await StatusAsync();
        return
        [
            .. status.Slots.Where(slot => slots.Contains(slot.Name) && slot is not { State: "Empty", Container: null })
                .Select(slot => slot.Job is null ? $"{slot.Name} ({slot.State})" : $"{slot.Name} (job {slot.Job})"),
        ];
    }

    private async Task<HostStatus> StatusAsync()
    {
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(pause))
        {
            try
            {
                return await client.StatusAsync();
            }
            catch (ControlFault) when (watch.Elapsed < patience)
            {
                // Asked again after a pause.
            }
        }
    }
}
