using RunnerBuild.Config;
using RunnerBuild.Remote.GitHub;

namespace RunnerBuild.Diagnosing;

/// <summary>Whether the credential may look at the scope's runners and make some.</summary>
internal static class GitHubRights
{
    public static async Task<IReadOnlyList<Finding>> ExamineAsync(GitHubScope scope, GitHubApi api, CancellationToken cancel)
    {
        var look = await RunnerRights.LookAsync(api, scope, cancel);
        var subject = $"runners of {scope.Path}";
        return RunnerRights.Fault(scope, look) is { } fault
            ? [Finding.Bad("github", subject, fault.Seen, fault.Fix)]
            : [Finding.Good("github", subject, $"it may see them{(RunnerRights.Needs(look) is { } needs ? $" ({needs})" : "")}")];
    }
}
