using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Octokit;
using RunnerBuild.Config;

namespace RunnerBuild.Remote.GitHub;

/// <summary>Signs in as a GitHub App: a token that lives for an hour and may do what the installation may.</summary>
internal static class AppToken
{
    public static async Task<Secret> MintAsync(GitHubScope scope, GitHubCredential.App app, Secret key, CancellationToken cancel)
    {
        var api = new Uri(scope.Api);
        var client = new GitHubClient(new ProductHeaderValue("RunnerBuild"), api) { Credentials = new Credentials(Jwt(app, key), AuthenticationType.Bearer) };
        try
        {
            var installation = app.Installation ?? (await InstallationAsync(client, scope)).Id;
            cancel.ThrowIfCancellationRequested();
            return new Secret((await client.GitHubApps.CreateInstallationToken(installation)).Token);
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

    private static Task<Installation> InstallationAsync(GitHubClient client, GitHubScope scope) => scope switch
    {
        { Kind: ScopeKind.Organization } => client.GitHubApps.GetOrganizationInstallationForCurrent(scope.Name),
        { Kind: ScopeKind.Repository } when scope.Name.Split('/') is [var owner, var name] => client.GitHubApps.GetRepositoryInstallationForCurrent(owner, name),
        _ => throw new ConfigurationException(
            $"A GitHub App cannot register runners for the enterprise {scope.Name}.", "GitHub offers Apps for organizations and repositories only.", "Use a token with manage_runners:enterprise."),
    };

    private static string Jwt(GitHubCredential.App app, Secret key)
    {
        using var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(key.Reveal());
        }
        catch (Exception fault) when (fault is ArgumentException or CryptographicException)
        {
            throw new ConfigurationException($"The private key of GitHub App {app.Id} cannot be read.", "It is not an RSA key in PEM format.", "Download a new key from the App's settings and put it where app.key points.");
        }

        var now = DateTime.UtcNow;
        // A minute back, since GitHub's clock may be behind; ten minutes is the longest it takes.
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = app.Id,
            IssuedAt = now.AddSeconds(-60),
            Expires = now.AddMinutes(9),
            SigningCredentials = new SigningCredentials(
                new RsaSecurityKey(rsa) { CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } }, SecurityAlgorithms.RsaSha256),
        });
    }
}
