using System.Text.Json;
using Octokit;
using RunnerBuild.Config;

namespace RunnerBuild.Remote.GitHub;

/// <summary>What a token is for; it can do no more than that.</summary>
internal enum TokenUse { Runners, Workflows, Issues, Contents }

/// <summary>A token of an installation, and its end.</summary>
internal sealed record InstallationToken(Secret Value, DateTimeOffset Ends);

/// <summary>Signs in as a GitHub App: a token that lives for an hour, narrowed to what it is for.</summary>
internal static class AppToken
{
    // So far off, a 401 is about the clock.
    private static readonly TimeSpan Tolerated = TimeSpan.FromSeconds(30);

    public static async Task<InstallationToken> MintAsync(GitHubScope scope, GitHubCredential.App app, Secret key, TokenUse use, CancellationToken cancel, GitHubHandler? handler = null)
    {
        var shared = handler ?? GitHubHandler.Shared;
        var api = new Uri(scope.Api);
        try
        {
            try
            {
                return await MintAsync(scope, app, key, use, TimeSpan.Zero, shared, cancel);
            }
            catch (AuthorizationException) when (shared.Ahead.TryGetValue(api.Authority, out var ahead) && ahead.Duration() > Tolerated)
            {
                // The answer told GitHub's own time: a machine whose clock is wrong can sign by that.
                return await MintAsync(scope, app, key, use, ahead, shared, cancel);
            }
        }
        catch (ApiValidationException fault)
        {
            throw new RunnerBuildException(
                $"GitHub App {app.Id} is not installed on {scope.Name} with the permission that is needed.", $"422 {fault.Message}",
                $"In the App's settings give {string.Join(" and ", PermissionsOf(scope, use).Select(one => $"`{one.Key}: {one.Value}`"))}, and accept the change in the installation.", fault);
        }
        catch (ApiException fault)
        {
            throw new RunnerBuildException(
                $"GitHub App {app.Id} cannot be used for {scope.Path}.", $"{(int)fault.StatusCode} {fault.Message}",
                "Check the App's id and key, that this machine's clock is right, and that the App is installed there.", fault);
        }
        catch (Exception fault) when (GitHubApi.IsNoAnswer(fault, cancel))
        {
            throw GitHubApi.Unreachable(api, fault);
        }
    }

    private static async Task<InstallationToken> MintAsync(
        GitHubScope scope, GitHubCredential.App app, Secret key, TokenUse use, TimeSpan ahead, GitHubHandler handler, CancellationToken cancel)
    {
        var jwt = AppJwt.Of(app, key, TimeProvider.System.GetUtcNow() + ahead);
        var client = GitHubApi.Connect(new Uri(scope.Api), jwt, bearer: true, handler: handler);
        var installation = app.Installation ?? (await InstallationAsync(client, scope)).Id;
        var body = new Dictionary<string, object> { ["permissions"] = PermissionsOf(scope, use) };
        if (scope.Kind == ScopeKind.Repository)
            body["repositories"] = new[] { scope.Name.Split('/')[^1] };
        var response = await client.Connection.Post<string>(
            new Uri($"app/installations/{installation}/access_tokens", UriKind.Relative), JsonSerializer.Serialize(body), "application/vnd.github+json", "application/json", new Dictionary<string, string>(), cancel);
        using var json = JsonDocument.Parse((string)response.HttpResponse.Body);
        return new InstallationToken(new Secret(json.RootElement.GetProperty("token").GetString()!), json.RootElement.GetProperty("expires_at").GetDateTimeOffset() - ahead);
    }

    /// <summary>As GitHub names them.</summary>
    public static Dictionary<string, string> PermissionsOf(GitHubScope scope, TokenUse use) => (use, scope.Kind) switch
    {
        (TokenUse.Workflows, _) => new() { ["actions"] = "write" },
        (TokenUse.Issues, _) => new() { ["issues"] = "write" },
        (TokenUse.Contents, _) => new() { ["contents"] = "read" },
        (_, ScopeKind.Repository) => new() { ["administration"] = "write" },
        _ => new() { ["organization_self_hosted_runners"] = "write" },
    };

    private static Task<Installation> InstallationAsync(GitHubClient client, GitHubScope scope) => scope switch
    {
        { Kind: ScopeKind.Organization } => client.GitHubApps.GetOrganizationInstallationForCurrent(scope.Name),
        { Kind: ScopeKind.Repository } when scope.Name.Split('/') is [var owner, var name] => client.GitHubApps.GetRepositoryInstallationForCurrent(owner, name),
        _ => throw new ConfigurationException(
            $"A GitHub App cannot register runners for the enterprise {scope.Name}.", "GitHub offers Apps for organizations and repositories only.", "Use a token with manage_runners:enterprise."),
    };
}
