namespace Lab.GitHub.Rest;

/// <summary>Repositories: one by one, those of an organization, and those that an installation reaches.</summary>
internal sealed class RepositoryEndpoints(GitHubOptions options, Accounts accounts)
{
    public void Map(RestRoutes routes)
    {
        routes.Get("/repos/{owner}/{repo}", call => Results.Json(Body(accounts.Repository(call, Permission.Metadata))));
        routes.Get("/repos/{owner}/{repo}/actions/permissions/fork-pr-contributor-approval", ForkApproval);
        routes.Get("/orgs/{org}/repos", OfOrganization);
        routes.Get("/installation/repositories", OfInstallation);
    }

    /// <summary>Whose pull requests from forks wait for a maintainer's word: GitHub's default.</summary>
    private IResult ForkApproval(RestCall call)
    {
        if (!accounts.IsPublic(accounts.Repository(call, Permission.Administration)))
            throw RestRefusal.NotFound();
        return Results.Json(new { approval_policy = "first_time_contributors" });
    }

    private IResult OfOrganization(RestCall call)
    {
        var organization = accounts.Organization(call.Route("org")) ?? throw RestRefusal.NotFound("https://docs.github.com/rest/repos/repos#list-organization-repositories");
        call.Caller.Identify(call.Http.Response);
        var found = options.Repositories
            .Where(name => name.StartsWith($"{organization.Name}/", StringComparison.OrdinalIgnoreCase))
            .Where(name => call.Query("type") is not ("public" or "private") || accounts.IsPublic(name) == (call.Query("type") == "public"))
            .ToList();
        return Results.Json(call.Page(found).Select(Body).ToArray());
    }

    private IResult OfInstallation(RestCall call)
    {
        if (call.Caller.Kind != CallerKind.Installation)
            throw new RestRefusal(403, "You must authenticate with an installation access token in order to list repositories for an installation.");

        var found = options.Repositories
            .Where(name => name.StartsWith($"{call.Caller.Account}/", StringComparison.OrdinalIgnoreCase))
            .Where(name => call.Caller.Repositories.IsEmpty || call.Caller.Repositories.Contains(name, StringComparer.OrdinalIgnoreCase))
            .ToList();
        return Results.Json(new
        {
            total_count = found.Count,
            repository_selection = call.Caller.Repositories.IsEmpty ? "all" : "selected",
            repositories = call.Page(found).Select(Body).ToArray(),
        });
    }

    private Dictionary<string, object?> Body(string repository) => RepositoryBody.Of(repository, accounts, options.PublicUrl);
}
