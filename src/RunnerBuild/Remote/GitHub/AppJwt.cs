using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using RunnerBuild.Config;

namespace RunnerBuild.Remote.GitHub;

/// <summary>The JWT by which a GitHub App says who it is.</summary>
internal static class AppJwt
{
    /// <param name="now">GitHub's time, as far as it is known.</param>
    public static Secret Of(GitHubCredential.App app, Secret key, DateTimeOffset now)
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

        // A minute back, since GitHub's clock may be behind; ten minutes is the longest it takes.
        return new Secret(new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = app.Id,
            IssuedAt = now.UtcDateTime.AddSeconds(-60),
            Expires = now.UtcDateTime.AddMinutes(9),
            SigningCredentials = new SigningCredentials(
                new RsaSecurityKey(rsa) { CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } }, SecurityAlgorithms.RsaSha256),
        }));
    }
}
