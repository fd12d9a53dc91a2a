using Lab.GitHub.State;

namespace Lab.GitHub.Rest;

/// <summary>Runner groups of organizations and enterprises, whom they admit, and who is in them.</summary>
internal sealed class RunnerGroupEndpoints(GitHubOptions options, Accounts accounts, GitHubState state, RunnerBodies bodies)
{
    public void Map(RestRoutes routes)
    {
        foreach (var scope in Accounts.Scopes)
        {
            var groups = $"{scope}/actions/runner-groups";
            // Repositories have no such call in GitHub's description; `config.sh` makes it all the same.
            routes.Get(groups, List);
            if (scope.StartsWith("/repos", StringComparison.Ordinal))
                continue;
            routes.Get($"{groups}/{{group:int}}", call => Results.Json(Body(call, Group(call))));
            routes.Get($"{groups}/{{group:int}}/runners", Runners);
        }
        routes.Get("/orgs/{org}/actions/runner-groups/{group:int}/repositories", Repositories);
    }

    private IResult List(RestCall call)
    {
        var groups = accounts.Groups(accounts.Scope(call, write: false));
        var visible = call.Query("visible_to_repository") is { Length: > 0 } name
            ? groups.Where(group => group.Admits($"{call.Route("org")}/{name}", isPublic: false)).ToArray()
            : [.. groups];
        return Results.Json(new { total_count = visible.Length, runner_groups = call.Page(visible).Select(group => Body(call, group)).ToArray() });
    }

    private IResult Runners(RestCall call)
    {
        var (scope, group) = (accounts.Scope(call, write: false).ToString(), Group(call));
        var found = state.Look(document => document.Registrations.Where(r => r.Scope == scope && r.GroupId == group.Id).ToList());
        return Results.Json(new { total_count = found.Count, runners = call.Page(found).Select(bodies.Of).ToArray() });
    }

    private IResult Repositories(RestCall call)
    {
        accounts.Scope(call, write: false);
        var named = Group(call).Repositories ?? [];
        return Results.Json(new { total_count = named.Length, repositories = call.Page(named).Select(name => RepositoryBody.Of(name, accounts, options.PublicUrl)).ToArray() });
    }

    private RunnerGroup Group(RestCall call) =>
        accounts.Groups(accounts.Scope(call, write: false)).FirstOrDefault(group => group.Id == call.Number("group")) ?? throw RestRefusal.NotFound();

    private object Body(RestCall call, RunnerGroup group)
    {
        var url = $"{options.PublicUrl}/api/v3/{accounts.Scope(call, write: false)}/actions/runner-groups/{group.Id}";
        var body = new Dictionary<string, object?>
        {
            ["id"] = group.Id,
            ["name"] = group.Name,
            ["visibility"] = group.Repositories is null ? "all" : "selected",
            ["default"] = group.Default,
            ["runners_url"] = $"{url}/runners",
            ["hosted_runners_url"] = $"{url}/hosted-runners",
            ["inherited"] = false,
            ["allows_public_repositories"] = group.AllowsPublic,
            ["restricted_to_workflows"] = false,
            ["selected_workflows"] = Array.Empty<string>(),
            ["workflow_restrictions_read_only"] = false,
        };
        if (group.Repositories is not null)
            body["selected_repositories_url"] = $"{url}/repositories";
        return body;
    }
}
