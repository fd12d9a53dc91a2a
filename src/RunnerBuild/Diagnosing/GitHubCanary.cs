using RunnerBuild.Config;
using RunnerBuild.Remote.GitHub;

namespace RunnerBuild.Diagnosing;

/// <summary>Whether Verify will be able to start its canary.</summary>
internal static class GitHubCanary
{
    public static async Task<IReadOnlyList<Finding>> ExamineAsync(Canary canary, GitHubApi api, CancellationToken cancel)
    {
        var look = await api.LookAsync($"repos/{canary.Repository}/actions/workflows/{canary.Workflow}", cancel);
        return look.Body is { } workflow && workflow.GetProperty("state").GetString() == "active"
            ? [Finding.Good("github", $"canary {canary.Workflow}", $"is in {canary.Repository} and active")]
            : [Finding.Bad("github", $"canary {canary.Workflow}", $"GitHub shows no active workflow of this name in {canary.Repository}: {look.Status} {look.Message}", $"Put docs/canary.yml there as .github/workflows/{canary.Workflow}, and give the credential `Actions: read and write`.")];
    }
}
