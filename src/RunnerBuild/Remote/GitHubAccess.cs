using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Remote.GitHub;

namespace RunnerBuild.Remote;

/// <summary>The fleet's credentials for GitHub: checked before anything is changed, and handed on to hosts.</summary>
/// <param name="handler">Below Octokit; null: the one that all calls share.</param>
internal sealed class GitHubAccess(SecretStore secrets, GitHubHandler? handler = null)
{
    // A run of an hour and more must not end on a token that has.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<(GitHubScope Scope, TokenUse Use), InstallationToken> _minted = new();
    private readonly ConcurrentDictionary<GitHubScope, Lazy<Task>> _looked = new();

    /// <summary>Finds a credential that cannot manage the host's runners before anything is changed, by calls that change nothing. Each scope is looked at once.</summary>
    public async Task LookAsync(Host host, CancellationToken cancel)
    {
        foreach (var scope in ScopesOf(host))
            await _looked.GetOrAdd(scope, _ => new Lazy<Task>(() => RequireRightsAsync(scope, cancel))).Value;
    }

    /// <summary>
    /// Finds a wrong credential before it takes the place of a right one. What a fine-grained token may write, no look tells: a registration token needs the
    /// very rights that just-in-time registrations need, registers nothing, and is left to expire.
    /// </summary>
    public async Task CheckAsync(Host host, CancellationToken cancel)
    {
        await LookAsync(host, cancel);
        foreach (var scope in ScopesOf(host))
        {
            var token = await TokenAsync(scope, cancel);
            if (RunnerRights.LeavesOpen(token) && !await ApiOf(scope, token).PostAsync($"{scope.Path}/actions/runners/registration-token", cancel))
                throw Hidden(scope, "It answers 404, which it also does when the credential may not look.", $"Check the name in the fleet. {GitHubApi.PermissionsNeeded}");
        }
    }

    private async Task RequireRightsAsync(GitHubScope scope, CancellationToken cancel)
    {
        var look = await RunnerRights.LookAsync(ApiOf(scope, await TokenAsync(scope, cancel)), scope, cancel);
        if (RunnerRights.Fault(scope, look) is not { } fault)
            return;
        throw look.Status switch
        {
            401 => new("GitHub does not accept the credential.", fault.Seen, fault.Fix),
            404 => Hidden(scope, fault.Seen, fault.Fix),
            >= 500 => new($"GitHub does not tell whether the credential may manage runners of {scope.Path}.", fault.Seen, fault.Fix),
            _ => new RunnerBuildException("The credential may not do this.", fault.Seen, fault.Fix),
        };
    }

    private static RunnerBuildException Hidden(GitHubScope scope, string why, string fix) => new($"GitHub does not show runners of {scope.Path} to this credential.", why, fix);

    private GitHubApi ApiOf(GitHubScope scope, Secret token) => new(new Uri(scope.Api), token, handler);

    private static IEnumerable<GitHubScope> ScopesOf(Host host) => host.Pools.Select(pool => pool.Scope).Distinct();

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
        var token = await AppToken.MintAsync(scope, app, await KeyAsync(app, cancel), use, cancel, handler);
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
