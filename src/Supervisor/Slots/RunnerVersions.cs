using Supervisor.Control;
using Supervisor.GitHub;
using Supervisor.Systemd;

namespace Supervisor.Slots;

/// <summary>Asks GitHub, once in a while for each scope, how long it accepts the runner programs that are in use.</summary>
internal sealed class RunnerVersions(RunnerApi api, TimeSpan period, EventLog log)
{
    // Of the runner image; Docker gives an image's labels to its containers.
    private const string VersionLabel = "org.opencontainers.image.version";
    private readonly Dictionary<(GitHubScope Scope, string Version), Asked> asked = [];

    /// <summary>What GitHub said; of a version or a scope that it does not know, it says nothing.</summary>
    public IReadOnlyList<RunnerVersion> Known =>
        [.. asked.Where(pair => pair.Value.Life is not null).Select(pair => new RunnerVersion(pair.Key.Scope.Path, pair.Key.Version, pair.Value.Life!.Until))];

    /// <summary>Starts the questions that are due; answers come back on the caller's loop by <paramref name="post"/>.</summary>
    public void Refresh(IEnumerable<Slot> slots, DateTimeOffset now, Action<Action> post, CancellationToken cancel)
    {
        var current = slots.Select(slot => slot.Container).OfType<RunnerContainer>()
            .Where(container => container.Marks.ContainsKey(VersionLabel)).Select(container => (container.Scope, container.Marks[VersionLabel])).ToHashSet();
        // Without a container, a scope's last version stays: its end may be why there is none.
        foreach (var old in asked.Keys.Where(key => !current.Contains(key) && current.Any(other => other.Scope == key.Scope)).ToList())
            asked.Remove(old);
        foreach (var key in current)
        {
            if (!asked.TryGetValue(key, out var question))
                asked[key] = question = new Asked();
            if (now < question.Due)
                continue;
            question.Due = now + period;
            _ = AskAsync(key.Scope, key.Item2, question, post, cancel);
        }
    }

    private async Task AskAsync(GitHubScope scope, string version, Asked question, Action<Action> post, CancellationToken cancel)
    {
        try
        {
            var life = await api.VersionLifeAsync(scope, version, cancel);
            post(() => question.Life = life);
        }
        catch (GitHubFault fault)
        {
            log.Warning(scope.Path, $"GitHub did not say how long it accepts runner {version}: {fault.Message}");
        }
        catch (OperationCanceledException)
        {
            // The service stops.
        }
    }

    private sealed class Asked
    {
        public DateTimeOffset Due { get; set; }
        public VersionLife? Life { get; set; }
    }
}
