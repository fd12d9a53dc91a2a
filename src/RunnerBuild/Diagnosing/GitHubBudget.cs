using RunnerBuild.Config;
using RunnerBuild.Remote.GitHub;

namespace RunnerBuild.Diagnosing;

/// <summary>How many calls are left this hour, and whether the two clocks agree.</summary>
internal static class GitHubBudget
{
    private static readonly TimeSpan Noticeable = TimeSpan.FromSeconds(30);

    public static async Task<IReadOnlyList<Finding>> ExamineAsync(GitHubScope scope, GitHubApi api, GitHubHandler handler, CancellationToken cancel)
    {
        var look = await api.LookAsync("rate_limit", cancel);
        var findings = new List<Finding>();
        if (look.Body is { } body)
            findings.Add(Budget(scope, body.GetProperty("resources")));
        else if (look.Status == 404)
            findings.Add(Finding.Good("github", $"calls of {scope.Path}", "this server has no limits"));
        if (handler.Ahead.TryGetValue(new Uri(scope.Api).Authority, out var ahead))
            findings.Add(Clock(ahead));
        return findings;
    }

    private static Finding Budget(GitHubScope scope, System.Text.Json.JsonElement resources)
    {
        var core = resources.GetProperty("core");
        var (remaining, limit) = (core.GetProperty("remaining").GetInt64(), core.GetProperty("limit").GetInt64());
        var reset = DateTimeOffset.FromUnixTimeSeconds(core.GetProperty("reset").GetInt64());
        return remaining * 10 >= limit
            ? Finding.Good("github", $"calls of {scope.Path}", $"{remaining} of {limit} are left until {reset:HH:mm} UTC")
            : Finding.Notable("github", $"calls of {scope.Path}", $"Only {remaining} of {limit} are left until {reset:HH:mm} UTC.", "Find what else uses this credential, or give the fleet a GitHub App of its own.");
    }

    private static Finding Clock(TimeSpan ahead) => ahead.Duration() < Noticeable
        ? Finding.Good("github", "clock", $"within {Math.Ceiling(ahead.Duration().TotalSeconds):0} s of GitHub's")
        : Finding.Notable("github", "clock", $"This machine's clock is {ahead.Duration().TotalSeconds:0} s {(ahead > TimeSpan.Zero ? "behind" : "ahead of")} GitHub's.", "Set it right: `timedatectl set-ntp true`.");
}
