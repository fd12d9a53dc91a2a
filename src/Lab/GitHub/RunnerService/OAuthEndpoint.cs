using Lab.GitHub.State;

namespace Lab.GitHub.RunnerService;

/// <summary>Trades a JWT signed with a runner's private key for an access token.</summary>
internal sealed class OAuthEndpoint(GitHubOptions options, GitHubState state, RunnerTokens tokens, TimeProvider time)
{
    private const string JwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPost("/oauth/token", async (HttpRequest request, CancellationToken cancel) =>
    {
        if (!request.HasFormContentType)
            return Refuse("invalid_request", "The body should be application/x-www-form-urlencoded.");

        var form = await request.ReadFormAsync(cancel);
        if (form["grant_type"] != "client_credentials" || form["client_assertion_type"] != JwtBearer)
            return Refuse("unsupported_grant_type", "grant_type should be client_credentials, with a jwt-bearer client assertion.");

        return Trade(form["client_assertion"].ToString());
    });

    private IResult Trade(string assertion)
    {
        var claimed = JsonWebToken.Peek(assertion) is { } claims && claims.TryGetProperty("sub", out var subject) ? subject.ToString() : null;
        var runner = state.Look(document => document.Registrations.Find(r => r.ClientId == claimed));
        if (runner is null)
            return Refuse("invalid_client", $"Registration {claimed} was not found.");

        using var key = runner.PublicKey();
        if (JsonWebToken.Verify(assertion, key) is not { } token)
            return Refuse("invalid_client", "The signature of the client assertion is not of the registration's key.");

        return Objection(token, runner.ClientId) is { } objection
            ? Refuse("invalid_client", objection)
            : Results.Json(new { access_token = tokens.Issue(runner.Id), token_type = "bearer", expires_in = RunnerTokens.Seconds });
    }

    private string? Objection(JsonWebToken token, string client)
    {
        var now = time.GetUtcNow();
        if (token.Text("iss") != client)
            return $"iss should be {client}, is {token.Text("iss")}.";
        if (token.Text("aud") != $"{options.PublicUrl}/oauth/token")
            return $"aud should be {options.PublicUrl}/oauth/token, is {token.Text("aud")}.";
        if (token.Time("exp") is not { } end || end + ClockSkew < now)
            return "The client assertion has expired: check the clock of the runner.";
        return token.Time("nbf") - ClockSkew > now ? "The client assertion is not valid yet: check the clock of the runner." : null;
    }

    private static IResult Refuse(string error, string description) =>
        Results.Json(new { error, error_description = description }, statusCode: StatusCodes.Status400BadRequest);
}
