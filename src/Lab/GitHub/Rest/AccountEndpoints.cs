namespace Lab.GitHub.Rest;

/// <summary>Who is who, and what the service tells of itself.</summary>
internal sealed class AccountEndpoints(GitHubOptions options, Accounts accounts, RateLimits limits)
{
    public void Map(RestRoutes routes)
    {
        routes.Get("/user", User);
        routes.Get("/orgs/{org}", Organization);
        routes.Get("/repos/{owner}/{repo}", Repository);
        routes.Get("/rate_limit", RateLimit, open: true);
        routes.Get("/meta", _ => Results.Json(new { verifiable_password_authentication = true, installed_version = "3.21.0" }), open: true);
    }

    private IResult User(RestCall call)
    {
        if (call.Caller.Kind is CallerKind.App or CallerKind.Installation)
            throw new RestRefusal(403, "Resource not accessible by integration", "https://docs.github.com/rest/users/users#get-the-authenticated-user");

        if (call.Caller.Kind == CallerKind.Classic)
            call.Http.Response.Headers["X-OAuth-Scopes"] = string.Join(", ", call.Caller.Grants);
        return Results.Json(AccountBodies.User(call.Caller.Login, options.PublicUrl));
    }

    private IResult Organization(RestCall call) => accounts.Organization(call.Route("org")) is { } organization
        ? Results.Json(AccountBodies.Organization(organization.Name, options.PublicUrl))
        : throw RestRefusal.NotFound("https://docs.github.com/rest/orgs/orgs#get-an-organization");

    private IResult Repository(RestCall call)
    {
        var repository = accounts.Repository(call, Permission.Metadata);
        var organization = accounts.Organization(call.Route("owner")) is not null;
        return Results.Json(AccountBodies.Repository(repository, organization, options.PublicUrl));
    }

    private IResult RateLimit(RestCall call)
    {
        var (limit, used, remaining, reset) = limits.Of(call.Caller);
        var core = new { limit, used, remaining, reset, resource = "core" };
        var registration = new { limit = 10_000, used = 0, remaining = 10_000, reset, resource = "actions_runner_registration" };
        var search = new { limit = 30, used = 0, remaining = 30, reset, resource = "search" };
        return Results.Json(new { resources = new { core, search, actions_runner_registration = registration }, rate = core });
    }
}
