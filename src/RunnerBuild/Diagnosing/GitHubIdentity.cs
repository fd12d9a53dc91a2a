using System.Globalization;
using System.Text.Json;
using RunnerBuild.Config;
using RunnerBuild.Remote;
using RunnerBuild.Remote.GitHub;

namespace RunnerBuild.Diagnosing;

/// <summary>What kind of credential it is, who it acts as, and until when.</summary>
internal static class GitHubIdentity
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    public static async Task<IReadOnlyList<Finding>> ExamineAsync(GitHubScope scope, GitHubAccess access, GitHubHandler handler, CancellationToken cancel) => scope.Credential switch
    {
        GitHubCredential.App app => [await OfAppAsync(scope, app, access, handler, cancel)],
        _ => await OfTokenAsync(scope, await access.TokenAsync(scope, cancel), handler, cancel),
    };

    private static async Task<IReadOnlyList<Finding>> OfTokenAsync(GitHubScope scope, Secret token, GitHubHandler handler, CancellationToken cancel)
    {
        var look = await new GitHubApi(new Uri(scope.Api), token, handler).LookAsync("user", cancel);
        var subject = $"credential of {scope.Path}";
        if (look.Body is not { } user)
            return [Finding.Bad("github", subject, $"GitHub does not accept it: {look.Status} {look.Message}.", "It has expired or was revoked: put a new one where `github.credential` points.")];

        var fineGrained = token.Reveal().StartsWith("github_pat_", StringComparison.Ordinal);
        var who = $"a {(fineGrained ? "fine-grained" : "classic")} token that acts as {user.GetProperty("login").GetString()}";
        var findings = new List<Finding> { End(subject, who, look.Header("GitHub-Authentication-Token-Expiration")) };
        if (!fineGrained)
            findings.Add(Finding.Notable("github", $"{subject}: kind", $"A classic token reaches everything that {user.GetProperty("login").GetString()} reaches.", "Use a GitHub App, or a fine-grained token with one permission (README, step 1)."));
        return findings;
    }

    private static Finding End(string subject, string who, string? expires)
    {
        // `2026-03-01 12:00:00 UTC`, or with an offset instead.
        if (expires is null || !DateTimeOffset.TryParse(expires.Replace("UTC", "+00:00", StringComparison.Ordinal), CultureInfo.InvariantCulture, out var end))
            return Finding.Good("github", subject, $"{who}; GitHub names no end");
        var left = end - TimeProvider.System.GetUtcNow();
        return left > Soon
            ? Finding.Good("github", subject, $"{who}, until {end:yyyy-MM-dd}")
            : Finding.Notable("github", subject, $"{who}, and ends in {Math.Max(0, left.TotalDays):0} days, on {end:yyyy-MM-dd}", "Make a new one, put it where `github.credential` points, and run DeployRunners.");
    }

    private static async Task<Finding> OfAppAsync(GitHubScope scope, GitHubCredential.App app, GitHubAccess access, GitHubHandler handler, CancellationToken cancel)
    {
        var subject = $"credential of {scope.Path}";
        var api = new GitHubApi(new Uri(scope.Api), null, handler).As(AppJwt.Of(app, await access.KeyAsync(app, cancel), TimeProvider.System.GetUtcNow()));
        var look = await api.LookAsync(app.Installation is { } number ? $"app/installations/{number}" : $"{scope.Path}/installation", cancel);
        if (look.Body is not { } installation)
            return Finding.Bad("github", subject, $"GitHub App {app.Id} is not installed there, or its key or this machine's clock is wrong: {look.Status} {look.Message}", "Install the App on the owner, or correct `app.id` and `app.key`.");

        var missing = AppToken.PermissionsOf(scope, TokenUse.Runners).Where(need => Granted(installation, need.Key) != need.Value).Select(need => $"{need.Key}={need.Value}").ToList();
        return missing.Count == 0
            ? Finding.Good("github", subject, $"GitHub App {app.Id}, installation {installation.GetProperty("id")} on {installation.GetProperty("account").GetProperty("login").GetString()}; its tokens live for an hour")
            : Finding.Bad("github", subject, $"GitHub App {app.Id} lacks {string.Join(", ", missing)} there.", $"Give it {string.Join(", ", missing)} in the App's settings, and accept that in the installation.");
    }

    private static string? Granted(JsonElement installation, string name) =>
        installation.GetProperty("permissions").TryGetProperty(name, out var value) ? value.GetString() : null;
}
