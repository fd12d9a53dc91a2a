using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Lab.GitHub.Faults;
using Lab.GitHub.RunnerService;

namespace Lab.GitHub.Rest;

/// <summary>Tells callers by their credential: a token, an App's JWT, or the token of an installation.</summary>
internal sealed class Access
{
    private static readonly TimeSpan LongestJwt = TimeSpan.FromMinutes(10);

    private readonly ImmutableArray<AccessToken> _tokens;
    private readonly ImmutableArray<GitHubApp> _apps;
    private readonly ConcurrentDictionary<string, (Caller Caller, DateTimeOffset Until)> _installations = new();
    private readonly TimeProvider _time;

    private readonly RegistrationTokens _registrations;
    private readonly FaultSwitch _faults;

    public Access(GitHubOptions options, RegistrationTokens registrations, FaultSwitch faults, TimeProvider time)
    {
        _faults = faults;
        _time = time;
        _registrations = registrations;
        _apps = options.Apps;
        _tokens = options.AdminTokenFile is { } file ? options.Tokens.Add(new(AdminToken(file), "lab-admin", AccessToken.Everything)) : options.Tokens;
    }

    /// <summary>The caller; anonymous without a credential; refuses one that is not right.</summary>
    public Caller Of(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.Length == 0)
            return new("anonymous", CallerKind.Anonymous, "", [], null);

        var value = header[(header.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim();
        if (header.StartsWith("RemoteAuth ", StringComparison.OrdinalIgnoreCase))
            return OfRegistration(value);
        if (_tokens.FirstOrDefault(token => Same(token.Value, value)) is { } known)
        {
            if (known.Expires <= _time.GetUtcNow())
                throw RestRefusal.BadCredentials();
            var kind = known.Value.StartsWith("github_pat_", StringComparison.Ordinal) ? CallerKind.FineGrained : CallerKind.Classic;
            return new(known.Value, kind, known.Login, known.Grants, known.Account) { Expires = known.Expires };
        }
        if (_installations.TryGetValue(value, out var installed) && installed.Until > _time.GetUtcNow())
            return installed.Caller;

        return JsonWebToken.Peek(value) is { } claims
            ? AppOf(value, claims.TryGetProperty("iss", out var issuer) ? issuer.ToString() : "")
            : throw RestRefusal.BadCredentials();
    }

    public GitHubApp? App(Caller caller) => _apps.FirstOrDefault(app => caller.Kind == CallerKind.App && caller.Key == $"app {app.Id}");

    /// <summary>A new token of an installation and its end, an hour from now.</summary>
    /// <param name="permissions">Such as `actions:write`; part of the installation's.</param>
    /// <param name="repositories">The only ones that it reaches, as `owner/name`; empty: all.</param>
    public (string Token, DateTimeOffset Until) TokenFor(GitHubApp app, Installation installation, ImmutableArray<string> permissions, ImmutableArray<string> repositories)
    {
        var token = $"ghs_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(18))}";
        var until = _time.GetUtcNow() + (_faults.Amount(FaultKind.TokenExpiry) ?? TimeSpan.FromHours(1));
        _installations[token] = (new(token, CallerKind.Installation, $"app-{app.Id}[bot]", permissions, installation.Account) { Repositories = repositories }, until);
        return (token, until);
    }

    private Caller OfRegistration(string token)
    {
        var scope = _registrations.ScopeOf(token) ?? throw RestRefusal.BadCredentials();
        return new($"registration {token}", CallerKind.Registration, "runner-registration", [$"{Permission.Runners(scope, write: true).Name}:write"], scope.Owner) { Only = scope };
    }

    private Caller AppOf(string jwt, string issuer)
    {
        var app = _apps.FirstOrDefault(a => issuer == $"{a.Id}" || issuer == a.ClientId) ?? throw new RestRefusal(404, "Integration not found");
        using var key = RSA.Create();
        key.ImportFromPem(app.PublicKey);
        var token = JsonWebToken.Verify(jwt, key);
        if (token is null || token.Header.GetProperty("alg").ToString() != "RS256")
            throw new RestRefusal(401, "A JSON web token could not be decoded");

        var now = _time.GetUtcNow();
        if (token.Time("exp") is not { } end || end <= now)
            throw new RestRefusal(401, "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires");
        if (end > now + LongestJwt)
            throw new RestRefusal(401, "'Expiration time' claim ('exp') is too far in the future");
        if (token.Time("iat") is not { } issued || issued > now)
            throw new RestRefusal(401, "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued");

        return new($"app {app.Id}", CallerKind.App, $"app-{app.Id}", [], null);
    }

    private static bool Same(string a, string b) =>
        CryptographicOperations.FixedTimeEquals(System.Text.Encoding.UTF8.GetBytes(a), System.Text.Encoding.UTF8.GetBytes(b));

    private static string AdminToken(string file)
    {
        if (!File.Exists(file))
        {
            using var created = new FileStream(file, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            created.Write(System.Text.Encoding.ASCII.GetBytes($"ghp_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(18))}\n"));
        }
        return File.ReadAllText(file).Trim();
    }
}
