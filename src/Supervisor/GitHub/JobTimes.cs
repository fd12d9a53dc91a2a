using System.Collections.Concurrent;
using System.Globalization;

namespace Supervisor.GitHub;

/// <summary>Asks GitHub how long a job waited for its runner. It is for the history only, so it gives up easily: a credential may serve runners without seeing runs.</summary>
internal sealed class JobTimes(GitHubConnection connection, Credentials credentials, TimeProvider clock)
{
    private const int MostPages = 3;
    private static readonly TimeSpan pause = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, DateTimeOffset> denied = new();

    /// <param name="repository">As the job said, already checked to be a name.</param>
    /// <returns>Null when it cannot be known.</returns>
    public async Task<TimeSpan?> QueueAsync(GitHubScope scope, string repository, long run, string runner, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (connection.Budget.IsShort(scope.Path) || (denied.TryGetValue(repository, out var since) && now - since < pause))
            return null;
        try
        {
            return await FindAsync(scope, string.Create(CultureInfo.InvariantCulture, $"{scope.Api}/repos/{repository}/actions/runs/{run}/jobs"), runner, cancel);
        }
        catch (GitHubFault fault)
        {
            if (fault.Kind == FaultKind.Denied)
                denied[repository] = now;
            return null;
        }
    }

    private async Task<TimeSpan?> FindAsync(GitHubScope scope, string url, string runner, CancellationToken cancel)
    {
        for (var page = 1; page <= MostPages; page++)
        {
            var token = await credentials.TokenAsync(scope, cancel);
            var answer = await connection.SendAsync(scope, HttpMethod.Get, $"{url}?per_page=100&page={page}", token, null, GitHubJson.Default.WorkflowJobPage, cancel);
            if (answer.Jobs.FirstOrDefault(job => job.RunnerName == runner) is { StartedAt: { } started } job)
                return started > job.CreatedAt ? started - job.CreatedAt : TimeSpan.Zero;
            if (answer.Jobs.Count == 0 || page * 100 >= answer.TotalCount)
                break;
        }
        return null;
    }
}
