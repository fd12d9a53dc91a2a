using Lab.GitHub.RunnerService;
using Lab.GitHub.State;

namespace Lab.GitHub.Rest;

/// <summary>Self-hosted runners of a scope: list, get, delete, and the tokens of `config.sh`.</summary>
internal sealed class RunnerEndpoints(Accounts accounts, GitHubState state, JobQueue jobs, RunnerBodies bodies, RegistrationTokens tokens)
{
    public void Map(RestRoutes routes)
    {
        foreach (var scope in Accounts.Scopes)
        {
            var runners = $"{scope}/actions/runners";
            routes.Get(runners, List);
            routes.Get($"{runners}/{{id:long}}", call => Results.Json(bodies.Of(accounts.Runner(call, state, write: false))));
            routes.Delete($"{runners}/{{id:long}}", Delete);
            routes.Post($"{runners}/registration-token", Token);
            routes.Post($"{runners}/remove-token", Token);
        }
    }

    private IResult List(RestCall call)
    {
        var scope = accounts.Scope(call, write: false).ToString();
        var name = call.Query("name");
        var found = state.Look(document => document.Registrations
            .Where(r => r.Scope == scope && (name is null || r.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            .ToList());
        return Results.Json(new { total_count = found.Count, runners = call.Page(found).Select(bodies.Of).ToArray() });
    }

    private IResult Delete(RestCall call)
    {
        var runner = accounts.Runner(call, state, write: true);
        var documentation = RunnerDocumentation.Of(RunnerScope.Parse(runner.Scope), "delete-a-self-hosted-runner");
        var removed = state.Change<object>(document =>
        {
            if (document.Busy(runner))
                return null!;

            jobs.Forget(document, runner);
            return true;
        });
        return removed is null
            ? throw RestRefusal.Unprocessable($"Bad request - Runner \"{runner.Name}\" is still running a job\"", documentation)
            : Results.NoContent();
    }

    private IResult Token(RestCall call)
    {
        var (token, until) = tokens.Issue(accounts.Scope(call, write: true));
        return Results.Json(new { token, expires_at = until }, statusCode: StatusCodes.Status201Created);
    }
}
