using System.Globalization;
using Lab.GitHub.RunnerService;
using Lab.GitHub.State;
using Lab.GitHub.Workflows;

namespace Lab.GitHub.Rest;

/// <summary>Runs of a repository, their jobs and logs.</summary>
internal sealed class RunQueryEndpoints(Accounts accounts, GitHubState state, Runs runs, RunBodies bodies, ResultsEndpoints results)
{
    private const string Actions = "/repos/{owner}/{repo}/actions";

    public void Map(RestRoutes routes)
    {
        routes.Get($"{Actions}/runs", call => List(call, workflow: null));
        routes.Get($"{Actions}/workflows/{{workflow}}/runs", call => List(call, call.Route("workflow")));
        routes.Get($"{Actions}/runs/{{id:long}}", call => Results.Json(bodies.Run(Run(call, Permission.ReadActions))));
        routes.Delete($"{Actions}/runs/{{id:long}}", Delete);
        routes.Post($"{Actions}/runs/{{id:long}}/cancel", Cancel);
        routes.Get($"{Actions}/runs/{{id:long}}/jobs", Jobs);
        routes.Get($"{Actions}/runs/{{id:long}}/logs", Logs);
        routes.Get($"{Actions}/jobs/{{id:long}}", call => Results.Json(bodies.Job(Job(call))));
        routes.Get($"{Actions}/jobs/{{id:long}}/logs", Log);
    }

    private IResult List(RestCall call, string? workflow)
    {
        var repository = accounts.Repository(call, Permission.ReadActions);
        var (since, until) = Created(call.Query("created"));
        var found = state.Look(document => document.Runs
            .Where(run => run.Repository == repository)
            .Where(run => workflow is null || Path.GetFileName(run.Path) == workflow || $"{run.WorkflowId}" == workflow)
            .Where(run => call.Query("event") is not { } name || run.Event == name)
            .Where(run => call.Query("branch") is not { } branch || run.Branch == branch)
            .Where(run => call.Query("status") is not { } wanted || RunOutcome.Of(document.JobsOf(run.Id)) is var now && (now.Status == wanted || now.Conclusion == wanted))
            .Where(run => run.Created >= since && run.Created <= until)
            .OrderByDescending(run => run.Id)
            .ToList());
        return Results.Json(new { total_count = found.Count, workflow_runs = call.Page(found).Select(bodies.Run).ToArray() });
    }

    private IResult Delete(RestCall call)
    {
        var run = Run(call, Permission.WriteActions);
        state.Change<object>(document =>
        {
            if (document.JobsOf(run.Id).Exists(job => !job.Done))
                throw new RestRefusal(403, "This workflow run cannot be deleted while it is running.");

            document.Jobs.RemoveAll(job => job.RunId == run.Id);
            return document.Runs.Remove(run);
        });
        return Results.NoContent();
    }

    private IResult Cancel(RestCall call) => runs.Cancel(Run(call, Permission.WriteActions))
        ? Results.Json(new { }, statusCode: StatusCodes.Status202Accepted)
        : throw new RestRefusal(409, "Cannot cancel a workflow run that is completed.");

    private IResult Jobs(RestCall call)
    {
        var run = Run(call, Permission.ReadActions);
        var jobs = state.Look(document => document.JobsOf(run.Id));
        return Results.Json(new { total_count = jobs.Count, jobs = call.Page(jobs).Select(bodies.Job).ToArray() });
    }

    /// <summary>An archive of the whole run's logs, at an address that needs no credential.</summary>
    private IResult Logs(RestCall call)
    {
        var run = Run(call, Permission.ReadActions);
        var jobs = state.Look(document => document.JobsOf(run.Id));
        return jobs.Count > 0 && jobs.TrueForAll(job => job.Done)
            ? Results.Redirect($"{call.Http.Request.Scheme}://{call.Http.Request.Host}{results.SignedPath(jobs[0].JobId, ResultsEndpoints.WholeRun)}")
            : throw RestRefusal.NotFound("https://docs.github.com/rest/actions/workflow-runs#download-workflow-run-logs");
    }

    private IResult Log(RestCall call)
    {
        var job = Job(call);
        return job.Done
            ? Results.Redirect($"{call.Http.Request.Scheme}://{call.Http.Request.Host}{results.SignedPath(job.JobId, "job")}")
            : throw RestRefusal.NotFound("https://docs.github.com/rest/actions/workflow-jobs#download-job-logs-for-a-workflow-run");
    }

    private WorkflowRun Run(RestCall call, Permission permission)
    {
        var repository = accounts.Repository(call, permission);
        return state.Look(document => document.Runs.Find(run => run.Id == call.Number("id") && run.Repository == repository))
            ?? throw RestRefusal.NotFound("https://docs.github.com/rest/actions/workflow-runs#get-a-workflow-run");
    }

    private WorkflowJob Job(RestCall call)
    {
        var repository = accounts.Repository(call, Permission.ReadActions);
        return state.Look(document => document.Jobs.Find(job => job.Id == call.Number("id") && job.Repository == repository))
            ?? throw RestRefusal.NotFound("https://docs.github.com/rest/actions/workflow-jobs#get-a-job-for-a-workflow-run");
    }

    /// <summary>The search syntax of dates: `&gt;=TIME`, `&lt;=TIME`, `TIME..TIME`.</summary>
    private static (DateTimeOffset Since, DateTimeOffset Until) Created(string? query)
    {
        var all = (DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        if (string.IsNullOrEmpty(query))
            return all;
        if (query.Split("..") is [var from, var to])
            return (Time(from) ?? all.MinValue, Time(to) ?? all.MaxValue);

        var time = Time(query.TrimStart('>', '<', '='));
        return query[0] == '<' ? (all.MinValue, time ?? all.MaxValue) : (time ?? all.MinValue, all.MaxValue);
    }

    private static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
