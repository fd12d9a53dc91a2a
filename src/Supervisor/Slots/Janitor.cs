using Supervisor.GitHub;

namespace Supervisor.Slots;

/// <summary>Finds registrations that this host left behind. It remembers when it first saw each, and dooms none that it saw only once.</summary>
internal sealed class Janitor(string host, TimeSpan grace)
{
    // A list that went wrong in a way nobody thought of must not cost everything at once.
    private const int MostAtOnce = 10;
    private readonly Dictionary<long, DateTimeOffset> firstSeen = [];

    /// <param name="complete">Every registration of the scope; a list with gaps must not be given.</param>
    /// <param name="current">Names of the runners in this host's containers, and of those that are being registered.</param>
    public IReadOnlyList<RegisteredRunner> Doomed(
        IReadOnlyList<RegisteredRunner> complete, IReadOnlySet<string> current, DateTimeOffset now)
    {
        var stale = complete.Where(runner => IsStale(runner, current)).ToList();
        foreach (var gone in firstSeen.Keys.Except(stale.Select(runner => runner.Id)).ToList())
            firstSeen.Remove(gone);
        foreach (var runner in stale)
            firstSeen.TryAdd(runner.Id, now);
        return [.. stale.Where(runner => now - firstSeen[runner.Id] >= grace).Take(MostAtOnce)];
    }

    private bool IsStale(RegisteredRunner runner, IReadOnlySet<string> current) =>
        runner is { Status: "offline", Busy: false } && RunnerName.IsOf(host, runner.Name) && !current.Contains(runner.Name);
}
