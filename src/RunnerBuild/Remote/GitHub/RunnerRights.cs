using RunnerBuild.Config;

namespace RunnerBuild.Remote.GitHub;

/// <summary>
/// What a look at a scope's runners, which changes nothing, tells of the credential: each answer says what it takes, and of a classic token what it has. Of a
/// fine-grained token only that it may look; what an App's token may do, it was asked for.
/// </summary>
internal static class RunnerRights
{
    public static Task<GitHubLook> LookAsync(GitHubApi api, GitHubScope scope, CancellationToken cancel) => api.LookAsync($"{scope.Path}/actions/runners?per_page=1", cancel);

    /// <summary>What speaks against it, with the line that mends it; null: nothing.</summary>
    public static (string Seen, string Fix)? Fault(GitHubScope scope, GitHubLook look) => look switch
    {
        { Status: not 200 } => ($"GitHub answers {look.Status} {look.Message}{(Needs(look) is { } needs ? $"; it takes {needs}" : "")}", Missing(scope, look)),
        _ when Lacks(scope, look) is { } has => ($"The token may look at runners, and not make any: it has {has}.", $"Give the token the scope {Scope(scope)}."),
        _ => null,
    };

    /// <summary>What the call takes.</summary>
    public static string? Needs(GitHubLook look) => look.Header("X-Accepted-OAuth-Scopes") ?? look.Header("X-Accepted-GitHub-Permissions");

    /// <summary>Whether only a call that writes could tell that the token may.</summary>
    public static bool LeavesOpen(Secret token) => token.Reveal().StartsWith("github_pat_", StringComparison.Ordinal);

    private static string Missing(GitHubScope scope, GitHubLook look) => look.Status switch
    {
        401 => "It has expired or was revoked, or the reference names another secret. Put a new one where `github.credential` points.",
        404 when Lacks(scope, look) is { } has => $"The token has {(has.Length == 0 ? "no scopes" : has)}: give it {Scope(scope)}.",
        404 => $"Check that {scope.Path} exists and that the credential reaches it. {GitHubApi.PermissionsNeeded}",
        >= 500 => "See https://www.githubstatus.com, then run the same target again.",
        _ => GitHubApi.PermissionsNeeded,
    };

    /// <summary>A classic token's scopes, where the one that is needed is not among them.</summary>
    private static string? Lacks(GitHubScope scope, GitHubLook look) =>
        look.Header("X-OAuth-Scopes") is { } has && !has.Split(", ").Contains(Scope(scope)) && !has.Split(", ").Contains("admin:enterprise") ? has : null;

    /// <summary>Of a classic token.</summary>
    private static string Scope(GitHubScope scope) => scope.Kind switch
    {
        ScopeKind.Organization => "admin:org",
        ScopeKind.Repository => "repo",
        _ => "manage_runners:enterprise",
    };
}
