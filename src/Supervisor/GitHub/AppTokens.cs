using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Supervisor.GitHub;

/// <summary>Installation tokens of GitHub Apps, kept until five minutes before they expire.</summary>
internal sealed class AppTokens(GitHubConnection connection, TimeProvider clock)
{
    private static readonly TimeSpan tolerated = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan margin = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<GitHubScope, InstallationToken> tokens = new();

    public async Task<string> TokenAsync(AppContent app, GitHubScope scope, CancellationToken cancel)
    {
        if (tokens.TryGetValue(scope, out var kept) && kept.ExpiresAt - margin > clock.GetUtcNow() + connection.Ahead)
            return kept.Token;

        InstallationToken token;
        try
        {
            token = await MintAsync(app, scope, clock.GetUtcNow(), cancel);
        }
        catch (GitHubFault fault) when (fault.Status == 401 && connection.Ahead.Duration() > tolerated)
        {
            // The answer told GitHub's own time: a host whose clock is wrong can sign by that.
            token = await MintAsync(app, scope, clock.GetUtcNow() + connection.Ahead, cancel);
        }
        tokens[scope] = token;
        return token.Token;
    }

    private async Task<InstallationToken> MintAsync(AppContent app, GitHubScope scope, DateTimeOffset now, CancellationToken cancel)
    {
        var jwt = JwtOf(app, now);
        var look = app.Installation is { } number ? $"{scope.Api}/app/installations/{number}" : $"{scope.Api}/{scope.Path}/installation";
        var installation = await connection.SendAsync(scope, HttpMethod.Get, look, jwt, null, GitHubJson.Default.AppInstallation, cancel);
        var body = JsonSerializer.SerializeToUtf8Bytes(new TokenRequest(Narrowed(scope, installation)), GitHubJson.Default.TokenRequest);
        var url = $"{scope.Api}/app/installations/{installation.Id}/access_tokens";
        return await connection.SendAsync(scope, HttpMethod.Post, url, jwt, body, GitHubJson.Default.InstallationToken, cancel);
    }

    /// <summary>What managing runners needs, and for the history how long jobs waited, where the installation may look at runs.</summary>
    private static Dictionary<string, string> Narrowed(GitHubScope scope, AppInstallation installation)
    {
        var needed = new Dictionary<string, string> { [scope.IsRepository ? "administration" : "organization_self_hosted_runners"] = "write" };
        if (installation.Permissions?.ContainsKey("actions") == true)
            needed["actions"] = "read";
        return needed;
    }

    public void Forget() => tokens.Clear();

    /// <summary>GitHub allows at most 10 minutes, and a clock that is up to a minute ahead.</summary>
    internal static string JwtOf(AppContent app, DateTimeOffset now)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(new TokenHeader("RS256", "JWT"), GitHubJson.Default.TokenHeader);
        var claims = new TokenClaims(now.AddSeconds(-60).ToUnixTimeSeconds(), now.AddMinutes(9).ToUnixTimeSeconds(), app.Id);
        var body = JsonSerializer.SerializeToUtf8Bytes(claims, GitHubJson.Default.TokenClaims);
        var unsigned = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(body)}";
        return $"{unsigned}.{Base64Url.EncodeToString(Sign(app, unsigned))}";
    }

    private static byte[] Sign(AppContent app, string text)
    {
        using var key = RSA.Create();
        try
        {
            key.ImportFromPem(app.Key);
        }
        catch (Exception fault) when (fault is ArgumentException or CryptographicException)
        {
            throw new GitHubFault(FaultKind.Denied, $"The private key of App {app.Id} is not an RSA key in PEM form: download a new one from the App's settings and run DeployRunners.");
        }
        return key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }
}
