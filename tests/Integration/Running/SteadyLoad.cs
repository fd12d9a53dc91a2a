using Lab.GitHub;

namespace Integration.Running;

/// <summary>Jobs that never cease: so many at a time, each in one container from beginning to end, or it fails.</summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private const string Script = """
        began=$(cat /proc/sys/kernel/random/boot_id; hostname)
        test ! -e /tmp/steady && echo $RANDOM >/tmp/steady && mark=$(cat /tmp/steady)
        sleep $((3 + RANDOM % 4))
        test "$(cat /tmp/steady)" = "$mark" && test "$(cat /proc/sys/kernel/random/boot_id; hostname)" = "$began"
        """;

    private readonly CancellationTokenSource _enough = new();
    private readonly List<Job> _ended = [];
    private readonly Task[] _workers;

    /// <param name="labels">Of the runners that the jobs go to, those of each worker.</param>
    public SteadyLoad(LabClient lab, params string[] labels) => _workers = [.. labels.Select(label => WorkAsync(lab, label))];

    /// <summary>Lets the jobs that run end, and takes in no more.</summary>
    /// <returns>All that ran.</returns>
    public async Task<IReadOnlyList<Job>> EndAsync()
    {
        await _enough.CancelAsync();
        await Task.WhenAll(_workers);
        return _ended;
    }

    private async Task WorkAsync(LabClient lab, string label)
    {
        while (!_enough.IsCancellationRequested)
        {
            var job = await lab.RunAsync(Script, label);
            lock (_ended)
                _ended.Add(job);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _enough.Dispose();
    }
}
