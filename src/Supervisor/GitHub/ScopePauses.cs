using System.Collections.Concurrent;

namespace Supervisor.GitHub;

/// <summary>Until when GitHub wants no calls for a scope. It said so to one call, and means all of them.</summary>
internal sealed class ScopePauses(TimeProvider clock)
{
    private readonly ConcurrentDictionary<GitHubScope, DateTimeOffset> until = new();

    /// <exception cref="GitHubFault">The wait is not over.</exception>
    public void Check(GitHubScope scope)
    {
        if (!until.TryGetValue(scope, out var end))
            return;
        var left = end - clock.GetUtcNow();
        if (left <= TimeSpan.Zero)
            until.TryRemove(KeyValuePair.Create(scope, end));
        else
            throw new GitHubFault(FaultKind.RateLimited, $"GitHub limits the rate of calls for {scope}, as it said before; asking again in {Math.Ceiling(left.TotalSeconds):0} s.", left);
    }

    public void Note(GitHubScope scope, GitHubFault fault)
    {
        if (fault is not { Kind: FaultKind.RateLimited or FaultKind.Unavailable, RetryAfter: { } wait })
            return;
        var end = clock.GetUtcNow() + wait;
        until.AddOrUpdate(scope, end, (_, before) => before > end ? before : end);
    }
}
