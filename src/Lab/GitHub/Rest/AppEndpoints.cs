using System.Globalization;

namespace Lab.GitHub.Rest;

/// <summary>GitHub Apps: their installations, and the tokens of these.</summary>
internal sealed class AppEndpoints(GitHubOptions options, Accounts accounts, Access access, TimeProvider time)
{
    public void Map(RestRoutes routes)
    {
        routes.Get("/app", App);
        routes.Get("/app/installations", call => Results.Json(call.Page(Caller(call).Installations).Select(i => Body(Caller(call), i)).ToArray()));
        routes.Get("/app/installations/{id:long}", call => Results.Json(Body(Caller(call), ById(call))));
        routes.Get("/orgs/{org}/installation", call => On(call, accounts.Organization(call.Route("org"))?.Name));
        routes.Get("/repos/{owner}/{repo}/installation", call => On(call, accounts.Repository(call.Route("owner"), call.Route("repo"))?.Split('/')[0]));
        routes.Get("/users/{user}/installation", call => On(call, call.Route("user")));
        routes.Post("/app/installations/{id:long}/access_tokens", Token);
    }

    private IResult App(RestCall call)
    {
        var app = Caller(call);
        return Results.Json(new
        {
            id = app.Id,
            client_id = app.ClientId,
            slug = $"app-{app.Id}",
            name = $"app-{app.Id}",
            owner = AccountBodies.User("lab-admin", options.PublicUrl),
            created_at = time.GetUtcNow(),
            updated_at = time.GetUtcNow(),
        });
    }

    private IResult On(RestCall call, string? account)
    {
        var app = Caller(call);
        var installation = app.Installations.FirstOrDefault(i => i.Account.Equals(account, StringComparison.OrdinalIgnoreCase));
        return installation is null ? throw RestRefusal.NotFound() : Results.Json(Body(app, installation));
    }

    private IResult Token(RestCall call)
    {
        var installation = ById(call);
        var (token, until) = access.TokenFor(Caller(call), installation);
        return Results.Json(
            new
            {
                token,
                expires_at = until.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                permissions = Permissions(installation),
                repository_selection = "all",
            },
            statusCode: StatusCodes.Status201Created);
    }

    private Installation ById(RestCall call) =>
        Caller(call).Installations.FirstOrDefault(i => i.Id == call.Number("id")) ?? throw RestRefusal.NotFound();

    private GitHubApp Caller(RestCall call) =>
        access.App(call.Caller) ?? throw new RestRefusal(401, "A JSON web token could not be decoded");

    private object Body(GitHubApp app, Installation installation) => new
    {
        id = installation.Id,
        app_id = app.Id,
        client_id = app.ClientId,
        app_slug = $"app-{app.Id}",
        account = AccountBodies.User(installation.Account, options.PublicUrl, TypeOf(installation.Account)),
        target_id = StableId.Of(installation.Account),
        target_type = TypeOf(installation.Account),
        repository_selection = "all",
        permissions = Permissions(installation),
        events = Array.Empty<string>(),
        access_tokens_url = $"{options.PublicUrl}/api/v3/app/installations/{installation.Id}/access_tokens",
        created_at = time.GetUtcNow(),
        updated_at = time.GetUtcNow(),
    };

    private string TypeOf(string account) => accounts.Organization(account) is null ? "User" : "Organization";

    private static Dictionary<string, string> Permissions(Installation installation) =>
        installation.Permissions.Select(p => p.Split(':')).ToDictionary(p => p[0], p => p[^1]);
}
