using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Remote.GitHub;

namespace RunnerBuild.Remote;

/// <summary>The fleet's credentials for GitHub: checked before anything is changed, and handed on to hosts.</summary>
internal sealed class GitHubAccess(SecretStore secrets)
{
    // A run of an hour and more must not end on a token that has.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<(GitHubScope Scope, TokenUse Use), InstallationToken> _minted = new();

    /// <summary>
    /// Finds a wrong credential before it takes the place of a right one. A registration token needs the very rights that just-in-time
    /// registrations need, and changes nothing: it is asked for in every scope of the host, and left to expire.
    /// </summary>
    public async Task CheckAsync(Host host, CancellationToken cancel)
    {
        foreach (var scope in host.Pools.Select(pool => pool.Scope).Distinct())
        {
            var api = new GitHubApi(new Uri(scope.Api), await TokenAsync(scope, cancel));
            if (!await api.PostAsync($"{scope.Path}/actions/runners/registration-token", cancel))
                throw new RunnerBuildException(
                    $"GitHub does not show runners of {scope.Path} to this credential.",
                    "It answers 404, which it also does when the credential may not look.",
                    $"Check the name in the fleet. {GitHubApi.PermissionsNeeded}");
        }
    }

    /// <summary>A token that can be sent: the personal access token, or an App's installation token.</summary>
    public async Task<Secret> TokenAsync(GitHubScope scope, CancellationToken cancel, TokenUse use = TokenUse.Runners) => scope.Credential switch
    {
        GitHubCredential.Token token => await secrets.FetchAsync(token.Value, cancel),
        GitHubCredential.App app => await InstallationTokenAsync(scope, app, use, cancel),
        _ => throw new InvalidOperationException($"{scope.Credential.GetType().Name} is no credential."),
    };

    /// <summary>An App's private key, to speak as the App itself.</summary>
    public Task<Secret> KeyAsync(GitHubCredential.App app, CancellationToken cancel) => secrets.FetchAsync(app.Key, cancel);

    private async Task<Secret> InstallationTokenAsync(GitHubScope scope, GitHubCredential.App app, TokenUse use, CancellationToken cancel)
    {
        if (_minted.TryGetValue((scope, use), out var kept) && kept.Ends - Margin > TimeProvider.System.GetUtcNow())
            return kept.Value;
        var token = await AppToken.MintAsync(scope, app, await KeyAsync(app, cancel), use, cancel);
        _minted[(scope, use)] = token;
        return token.Value;
    }

    public async Task<DeploymentSecrets> SecretsAsync(Host host, CancellationToken cancel)
    {
        var credentials = ImmutableDictionary.CreateBuilder<GitHubCredential, Secret>();
        foreach (var credential in host.Pools.Select(pool => pool.Scope.Credential).Distinct())
            credentials[credential] = await ForSupervisorAsync(credential, cancel);
        var keys = ImmutableDictionary.CreateBuilder<string, Secret>();
        foreach (var pool in host.Pools.Where(pool => pool.SshKey is not null))
            keys[pool.Name] = new Secret((await secrets.FetchAsync(pool.SshKey!, cancel)).Reveal().TrimEnd() + "\n");
        return new DeploymentSecrets(credentials.ToImmutable(), keys.ToImmutable());
    }

    private async Task<Secret> ForSupervisorAsync(GitHubCredential credential, CancellationToken cancel) => credential switch
    {
        GitHubCredential.Token token => Json(new { token = (await secrets.FetchAsync(token.Value, cancel)).Reveal() }),
        GitHubCredential.App app => Json(new { app = new { id = app.Id, installation = app.Installation, key = (await secrets.FetchAsync(app.Key, cancel)).Reveal() } }),
        _ => throw new InvalidOperationException($"{credential.GetType().Name} is no credential."),
    };

    private static Secret Json<T>(T value) => new(JsonSerializer.Serialize(value));
}
