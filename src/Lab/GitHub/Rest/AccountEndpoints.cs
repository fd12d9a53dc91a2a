namespace Lab.GitHub.Rest;

/// <summary>Who is who, and what the service tells of itself.</summary>
internal sealed class AccountEndpoints(GitHubOptions options, Accounts accounts, RateLimits limits)
{
    public void Map(RestRoutes routes)
    {
        routes.Get("/user", User);
        routes.Get("/orgs/{org}", Organization);
        routes.Get("/rate_limit", RateLimit, open: true);
        routes.Get("/meta", _ => Results.Json(new { verifiable_password_authentication = true, installed_version = "3.21.0" }), open: true);
    }

    private IResult User(RestCall call)
    {
        if (call.Caller.Kind is CallerKind.App or CallerKind.Installation or CallerKind.Registration)
            throw new RestRefusal(403, "Resource not accessible by integration", "https://docs.github.com/rest/users/users#get-the-authenticated-user");

        call.Caller.Identify(call.Http.Response);
        return Results.Json(AccountBodies.Profile(call.Caller.Login, options.PublicUrl));
    }

    private IResult Organization(RestCall call)
    {
        call.Caller.Identify(call.Http.Response);
        return accounts.Organization(call.Route("org")) is { } organization
            ? Results.Json(AccountBodies.Organization(organization.Name, options.PublicUrl))
            : throw RestRefusal.NotFound("https://docs.github.com/rest/orgs/orgs#get-an-organization");
    }

    private IResult RateLimit(RestCall call)
    {
        var search = new { limit = 30L, used = 0L, remaining = 30L, reset = Bucket(RateLimits.Core).Reset };
        return Results.Json(new
        {
            resources = new { core = Body(RateLimits.Core), search, actions_runner_registration = Body(RateLimits.Registration) },
            rate = Body(RateLimits.Core),
        });

        (long Limit, long Used, long Remaining, long Reset) Bucket(string name) => limits.Of(call.Caller, name);
        object Body(string name)
        {
            var (limit, used, remaining, reset) = Bucket(name);
            return new { limit, used, remaining, reset };
        }
    }
}
