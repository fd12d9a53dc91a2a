using RunnerBuild.Config;
using RunnerBuild.Remote.GitHub;

namespace RunnerBuild.Diagnosing;

/// <summary>Whether the credential may look at the scope's runners and make some, by what GitHub's answers say that takes.</summary>
internal static class GitHubRights
{
    public static async Task<IReadOnlyList<Finding>> ExamineAsync(GitHubScope scope, GitHubApi api, CancellationToken cancel)
    {
        var look = await api.LookAsync($"{scope.Path}/actions/runners?per_page=1", cancel);
        var subject = $"runners of {scope.Path}";
        var needs = look.Header("X-Accepted-OAuth-Scopes") ?? look.Header("X-Accepted-GitHub-Permissions");
        if (look.Status != 200)
            return [Finding.Bad("github", subject, $"GitHub answers {look.Status} {look.Message}{(needs is null ? "" : $"; it takes {needs}")}", Missing(scope, look))];
        if (look.Header("X-OAuth-Scopes") is { } has && !has.Split(", ").Contains(Scope(scope)) && !has.Split(", ").Contains("admin:enterprise"))
            return [Finding.Bad("github", subject, $"The token may look at runners, and not make any: it has {has}.", $"Give the token the scope {Scope(scope)}.")];
        return [Finding.Good("github", subject, $"it may see them{(needs is null ? "" : $" ({needs})")}")];
    }

    private static string Missing(GitHubScope scope, GitHubLook look) => look.Status switch
    {
        401 => "Put a credential that GitHub accepts where `github.credential` points.",
        404 when look.Header("X-OAuth-Scopes") is { } has && !has.Split(", ").Contains(Scope(scope)) => $"The token has {(has.Length == 0 ? "no scopes" : has)}: give it {Scope(scope)}.",
        404 => $"Check that {scope.Path} exists and that the credential reaches it. {GitHubApi.PermissionsNeeded}",
        _ => GitHubApi.PermissionsNeeded,
    };

    /// <summary>Of a classic token.</summary>
    private static string Scope(GitHubScope scope) => scope.Kind switch
    {
        ScopeKind.Organization => "admin:org",
        ScopeKind.Repository => "repo",
        _ => "manage_runners:enterprise",
    };
}
