using Lab.GitHub.RunnerService;
using Lab.GitHub.State;

namespace Lab.GitHub.Rest;

/// <summary>Runners as the REST API shows them.</summary>
internal sealed class RunnerBodies(GitHubState state, Sessions sessions)
{
    public object Of(Registration runner)
    {
        var busy = state.Look(document => document.Busy(runner));
        return new
        {
            id = runner.Id,
            runner_group_id = runner.GroupId,
            name = runner.Name,
            os = runner.Version.Length > 0 ? "linux" : "unknown",
            status = busy || sessions.Online(runner.Id) ? "online" : "offline",
            busy,
            ephemeral = runner.Ephemeral,
            version = runner.Version.Length > 0 ? runner.Version : null,
            labels = Labels(runner),
        };
    }

    public static object[] Labels(Registration runner) =>
        [.. runner.Labels.Select((label, index) => new { id = (runner.Id * 1000) + index, name = label, type = runner.SystemLabels.Contains(label) ? "read-only" : "custom" })];
}

/// <summary>Addresses of the documentation that errors point at.</summary>
internal static class RunnerDocumentation
{
    public static string Of(RunnerScope scope, string call)
    {
        var kind = scope.Kind switch
        {
            RunnerScope.Organization => "an-organization",
            RunnerScope.Repository => "a-repository",
            _ => "an-enterprise",
        };
        return $"https://docs.github.com/rest/actions/self-hosted-runners#{call}-for-{kind}";
    }
}
