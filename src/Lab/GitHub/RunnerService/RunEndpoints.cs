using System.Text.Json;
using Lab.GitHub.State;

namespace Lab.GitHub.RunnerService;

/// <summary>Acquiring, renewing and completing jobs.</summary>
internal sealed class RunEndpoints(GitHubOptions options, GitHubState state, RunnerTokens tokens, JobToken jobToken, JobQueue jobs)
{
    /// <summary>Job messages mix `jobId`, `Key` and `AccessToken`: no naming policy may touch them.</summary>
    private static readonly JsonSerializerOptions AsNamed = new();
    private static readonly JsonSerializerOptions Lenient = new(JsonSerializerDefaults.Web);

    public void Map(IEndpointRouteBuilder endpoints)
    {
        var run = endpoints.MapGroup("/run").AnswerRefusals();
        run.MapPost("/acquirejob", AcquireAsync);
        run.MapPost("/renewjob", RenewAsync);
        run.MapPost("/completejob", CompleteAsync);
    }

    private async Task<IResult> AcquireAsync(HttpRequest request, CancellationToken cancel)
    {
        var runner = request.Runner(tokens);
        var wanted = await ReadAsync<AcquireBody>(request, cancel);
        var job = Guid.TryParse(wanted.JobMessageId, out var id) ? jobs.Acquire(runner, id) : null;
        if (job is null)
            throw ServiceRefusal.RunService(404, $"There is no job {wanted.JobMessageId} for this runner to acquire.");

        var message = state.Look(document =>
            JobMessage.For(job, document.Runs.Find(r => r.Id == job.RunId)!, jobToken.Issue(job), options.PublicUrl));
        return Results.Json(message, AsNamed);
    }

    private async Task<IResult> RenewAsync(HttpRequest request, CancellationToken cancel)
    {
        var job = jobToken.JobOf(request);
        SameJob(job, (await ReadAsync<RenewBody>(request, cancel)).JobId);
        return jobs.Renew(job) is { } until
            ? Results.Json(new { lockedUntil = until })
            : throw ServiceRefusal.RunService(404, $"The job {job} does not run.");
    }

    private async Task<IResult> CompleteAsync(HttpRequest request, CancellationToken cancel)
    {
        var job = jobToken.JobOf(request);
        var report = await ReadAsync<CompleteBody>(request, cancel);
        SameJob(job, report.JobId);
        return jobs.Complete(job, report.WriteTo)
            ? Results.NoContent()
            : throw ServiceRefusal.RunService(404, $"The job {job} does not run.");
    }

    private static void SameJob(Guid ofToken, Guid? ofBody)
    {
        if (ofToken != ofBody)
            throw ServiceRefusal.RunService(403, $"The token is of job {ofToken}, the request names {ofBody}.");
    }

    private static async Task<T> ReadAsync<T>(HttpRequest request, CancellationToken cancel) =>
        await JsonSerializer.DeserializeAsync<T>(request.Body, Lenient, cancel) ?? throw new JsonException("The body is empty.");

    private sealed record AcquireBody(string? JobMessageId);

    private sealed record RenewBody(Guid? JobId);
}

/// <summary>What a runner reports at a job's end.</summary>
internal sealed record CompleteBody(Guid? JobId, string? Conclusion, Dictionary<string, JsonElement>? Outputs, List<JsonElement>? StepResults)
{
    public void WriteTo(WorkflowJob job)
    {
        job.Conclusion = Conclusion?.ToLowerInvariant() switch
        {
            "succeeded" or "succeededwithissues" => JobStatus.Success,
            "canceled" => JobStatus.Cancelled,
            "skipped" => JobStatus.Skipped,
            _ => JobStatus.Failure,
        };
        if (job.CancelWanted && job.Conclusion == JobStatus.Failure)
            job.Conclusion = JobStatus.Cancelled;
        job.Outputs = (Outputs ?? []).ToDictionary(o => o.Key, o => o.Value.ToString());
        if (StepResults is { Count: > 0 })
            job.StepRecords = [.. StepResults.Where(step => step.ValueKind == JsonValueKind.Object).Select(StepRecords.OfCompletion)];
    }
}
