using Supervisor.GitHub;
using Supervisor.Systemd;

namespace Supervisor.Slots;

/// <summary>One list of registrations per scope, once in a while, for all slots and the janitor together.</summary>
internal sealed class Registrations(RunnerApi api, string host, Timing timing, EventLog log)
{
    private readonly Dictionary<GitHubScope, ScopeLists> scopes = [];

    /// <summary>What cannot be known or done now, if so.</summary>
    public IEnumerable<string> Problems => scopes.Values.Select(lists => lists.Problem).OfType<string>();

    /// <summary>Starts the lists that are due; each gives its result to <paramref name="apply"/> on the caller's loop by <paramref name="post"/>.</summary>
    public void Refresh(IReadOnlyCollection<GitHubScope> wanted, DateTimeOffset now, Action<Action> post, Action<GitHubScope, Listing> apply, CancellationToken cancel)
    {
        foreach (var gone in scopes.Keys.Except(wanted).Where(scope => !scopes[scope].Underway).ToList())
            scopes.Remove(gone);
        foreach (var scope in wanted)
        {
            if (!scopes.TryGetValue(scope, out var lists))
                scopes[scope] = lists = new ScopeLists(new Janitor(host, timing.JanitorGrace)) { Due = now };
            if (lists.Underway || now < lists.Due)
                continue;
            lists.Underway = true;
            lists.Due = now + timing.List;
            _ = ListAsync(scope, lists, now, post, apply, cancel);
        }
    }

    /// <summary>Deletes what this host left behind.</summary>
    /// <param name="current">Names of the runners that are in use.</param>
    public void Sweep(GitHubScope scope, Listing listing, IReadOnlySet<string> current, CancellationToken cancel)
    {
        if (!scopes.TryGetValue(scope, out var lists))
            return;
        var doomed = lists.Janitor.Doomed(listing.Runners, current, listing.At);
        if (doomed.Count > 0)
            _ = DeleteAsync(scope, doomed, cancel);
    }

    private async Task ListAsync(GitHubScope scope, ScopeLists lists, DateTimeOffset at, Action<Action> post, Action<GitHubScope, Listing> apply, CancellationToken cancel)
    {
        try
        {
            if (await api.ListAsync(scope, cancel) is { } complete)
            {
                post(() =>
                {
                    lists.Problem = null;
                    apply(scope, new Listing(at, complete));
                });
            }
            else
            {
                Note(scope, lists, $"GitHub's list of the runners of {scope} does not add up to its own count: nothing is concluded from it, and what this host left behind there is not deleted.", post);
            }
        }
        catch (GitHubFault fault)
        {
            Note(scope, lists, $"The runners of {scope} could not be listed: {fault.Message}", post);
            post(() => lists.Due += fault.RetryAfter ?? TimeSpan.Zero);
        }
        catch (OperationCanceledException)
        {
            // The service stops.
        }
        finally
        {
            post(() => lists.Underway = false);
        }
    }

    private void Note(GitHubScope scope, ScopeLists lists, string problem, Action<Action> post)
    {
        log.Warning(scope.Path, problem);
        post(() => lists.Problem = problem);
    }

    private async Task DeleteAsync(GitHubScope scope, IReadOnlyList<RegisteredRunner> doomed, CancellationToken cancel)
    {
        try
        {
            foreach (var runner in doomed)
            {
                if (await api.DeregisterAsync(scope, runner.Id, cancel) != Deregistration.Busy)
                    log.Information(scope.Path, $"deleted the registration {runner.Name}, which this host left behind");
            }
        }
        catch (GitHubFault fault)
        {
            log.Warning(scope.Path, $"A registration that this host left behind could not be deleted: {fault.Message}");
        }
        catch (OperationCanceledException)
        {
            // The service stops.
        }
    }

    private sealed class ScopeLists(Janitor janitor)
    {
        public Janitor Janitor => janitor;
        public DateTimeOffset Due { get; set; }
        public bool Underway { get; set; }
        public string? Problem { get; set; }
    }
}

/// <summary>A complete list of a scope's registrations.</summary>
/// <param name="At">When it was asked for.</param>
internal sealed record Listing(DateTimeOffset At, IReadOnlyList<RegisteredRunner> Runners);
