using System.Security.Cryptography;
using Lab.GitHub.RunnerService;
using Lab.GitHub.State;

namespace Lab.GitHub.Rest;

/// <summary>Self-hosted runners of a scope: list, get, delete, labels, groups, and the tokens of `config.sh`.</summary>
internal sealed class RunnerEndpoints(Accounts accounts, GitHubState state, JobQueue jobs, RunnerBodies bodies, TimeProvider time)
{
    public void Map(RestRoutes routes)
    {
        foreach (var scope in Accounts.Scopes)
        {
            var runners = $"{scope}/actions/runners";
            routes.Get(runners, List);
            routes.Get($"{runners}/{{id:long}}", call => Results.Json(bodies.Of(Find(call, write: false))));
            routes.Delete($"{runners}/{{id:long}}", Delete);
            routes.Get($"{runners}/{{id:long}}/labels", call => LabelsOf(Find(call, write: false)));
            routes.Put($"{runners}/{{id:long}}/labels", call => Relabel(call, keep: false));
            routes.Post($"{runners}/{{id:long}}/labels", call => Relabel(call, keep: true));
            routes.Post($"{runners}/registration-token", Token);
            routes.Post($"{runners}/remove-token", Token);
            routes.Get($"{scope}/actions/runner-groups", Groups);
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
        var runner = Find(call, write: true);
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

    private IResult Relabel(RestCall call, bool keep)
    {
        var runner = Find(call, write: true);
        var documentation = RunnerDocumentation.Of(RunnerScope.Parse(runner.Scope), "set-custom-labels-for-a-self-hosted-runner");
        var objection = call.Field("labels") is { } given ? JitConfigEndpoint.LabelObjection(given) : "\"labels\" wasn't supplied.";
        if (objection is not null)
            throw RestRefusal.Unprocessable($"Invalid request.\n\n{objection}", documentation);

        var wanted = call.Field("labels")!.Value.EnumerateArray().Select(label => label.GetString()!.ToLowerInvariant());
        state.Change(_ => runner.Labels = [.. (keep ? runner.Labels : []).Concat(wanted).Distinct()]);
        return LabelsOf(runner);
    }

    /// <summary>Good for nothing here: the double registers runners by just-in-time configurations only.</summary>
    private IResult Token(RestCall call)
    {
        accounts.Scope(call, write: true);
        return Results.Json(
            new { token = Convert.ToHexString(RandomNumberGenerator.GetBytes(15))[..29], expires_at = time.GetUtcNow().AddHours(1) },
            statusCode: StatusCodes.Status201Created);
    }

    private IResult Groups(RestCall call)
    {
        var groups = accounts.Groups(accounts.Scope(call, write: false));
        return Results.Json(new
        {
            total_count = groups.Length,
            runner_groups = call.Page(groups).Select(group => new
            {
                id = group.Id,
                name = group.Name,
                visibility = "all",
                @default = group.Default,
                inherited = false,
                allows_public_repositories = true,
                restricted_to_workflows = false,
                selected_workflows = Array.Empty<string>(),
                runners_url = $"{call.Http.Request.Scheme}://{call.Http.Request.Host}{call.Http.Request.Path}/{group.Id}/runners",
            }).ToArray(),
        });
    }

    private Registration Find(RestCall call, bool write)
    {
        var scope = accounts.Scope(call, write).ToString();
        return state.Look(document => document.Registration(call.Number("id"))) is { } runner && runner.Scope == scope
            ? runner
            : throw RestRefusal.NotFound(RunnerDocumentation.Of(RunnerScope.Parse(scope), "get-a-self-hosted-runner"));
    }

    private static IResult LabelsOf(Registration runner) =>
        Results.Json(new { total_count = runner.Labels.Count, labels = RunnerBodies.Labels(runner) });
}
