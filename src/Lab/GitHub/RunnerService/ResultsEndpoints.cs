using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Lab.GitHub.State;

namespace Lab.GitHub.RunnerService;

/// <summary>Step states and logs: JSON calls of the job, and blobs at signed addresses.</summary>
internal sealed class ResultsEndpoints(GitHubOptions options, GitHubState state, JobToken jobToken)
{
    /// <summary>In the place of a step's number: the logs of all jobs of the run that the job is of.</summary>
    public const string WholeRun = "run";

    private const int LargestLog = 16 << 20;

    public void Map(IEndpointRouteBuilder endpoints)
    {
        var results = endpoints.MapGroup("/results").AnswerRefusals();
        results.MapPost("/twirp/{service}/{call}", CallAsync);
        results.MapPut("/logs/{job:guid}/{part}", PutAsync);
        results.MapGet("/logs/{job:guid}/{part}", Get);
    }

    /// <summary>A path and query, valid without any other credential, of a job's log.</summary>
    public string SignedPath(Guid job, string part) => $"/results/logs/{job}/{part}?sig={Signature(job, part)}";

    private async Task<IResult> CallAsync(HttpRequest request, string call, CancellationToken cancel)
    {
        var job = jobToken.JobOf(request);
        var body = (await JsonDocument.ParseAsync(request.Body, cancellationToken: cancel)).RootElement;
        switch (call)
        {
            case "WorkflowStepsUpdate":
                Update(job, body);
                return Results.Json(new { });
            case "GetJobLogsSignedBlobURL":
                return Upload(job, "job");
            case "GetStepLogsSignedBlobURL":
                return Upload(job, StepOf(body));
            case "GetStepSummarySignedBlobURL" or "GetJobDiagLogsSignedBlobURL":
                return Upload(job, call);
            case "CreateJobLogsMetadata" or "CreateStepLogsMetadata" or "CreateStepSummaryMetadata" or "CreateJobDiagLogsMetadata":
                return Results.Json(new { ok = true });
            default:
                return Results.Json(new { code = "bad_route", msg = $"no handler for {request.Path}" }, statusCode: 404);
        }
    }

    private static string StepOf(JsonElement body) =>
        body.TryGetProperty("step_backend_id", out var id) && Guid.TryParse(id.ToString(), out var step)
            ? step.ToString()
            : throw ServiceRefusal.RunService(400, "step_backend_id should be a GUID.");

    private void Update(Guid jobId, JsonElement body) => state.Change<object>(document =>
    {
        if (document.Jobs.Find(j => j.JobId == jobId) is not { } job || !body.TryGetProperty("steps", out var steps))
            return null!;

        foreach (var step in steps.EnumerateArray().Select(StepRecords.OfUpdate))
        {
            job.StepRecords.RemoveAll(old => old.Id == step.Id);
            job.StepRecords.Add(step);
        }
        job.StepRecords.Sort((a, b) => a.Number.CompareTo(b.Number));
        return true;
    });

    private IResult Upload(Guid job, string part) => Results.Json(new
    {
        logs_url = options.PublicUrl + SignedPath(job, part),
        summary_url = options.PublicUrl + SignedPath(job, part),
        diag_logs_url = options.PublicUrl + SignedPath(job, part),
        blob_storage_type = "BLOB_STORAGE_TYPE_AZURE",
        soft_size_limit = "67108864",
    });

    private async Task<IResult> PutAsync(HttpRequest request, Guid job, string part, string? sig, string? comp, CancellationToken cancel)
    {
        Check(job, part, sig);
        using var reader = new StreamReader(request.Body, Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        var text = await reader.ReadToEndAsync(cancel);
        state.Change<object>(document =>
        {
            if (document.Jobs.Find(j => j.JobId == job) is not { } found)
                return null!;

            Keep(found, part, append: comp == "appendblock", text);
            return true;
        });
        return Results.StatusCode(StatusCodes.Status201Created);
    }

    private static void Keep(WorkflowJob job, string part, bool append, string text)
    {
        var before = !append ? "" : part == "job" ? job.Log : job.StepLogs.GetValueOrDefault(part, "");
        var all = before + text;
        var kept = all.Length <= LargestLog ? all : all[..LargestLog];
        if (part == "job")
            job.Log = kept;
        else
            job.StepLogs[part] = kept;
    }

    private IResult Get(Guid job, string part, string? sig)
    {
        Check(job, part, sig);
        if (part == WholeRun)
            return Results.Bytes(RunLogs.Archive(state.Look(document => document.JobsOf(document.Jobs.Find(j => j.JobId == job)?.RunId ?? 0))), "application/zip", "logs.zip");
        var log = state.Look(document => document.Jobs.Find(j => j.JobId == job) is not { } found ? null
            : part == "job" ? found.Log
            : found.StepLogs.GetValueOrDefault(part));
        return log is null ? Results.NotFound() : Results.Text(log, "text/plain", Encoding.UTF8);
    }

    private void Check(Guid job, string part, string? signature)
    {
        var right = Encoding.UTF8.GetBytes(Signature(job, part));
        if (!CryptographicOperations.FixedTimeEquals(right, Encoding.UTF8.GetBytes(signature ?? "")))
            throw ServiceRefusal.RunService(403, "The address is not signed by this service.");
    }

    private string Signature(Guid job, string part) => Convert.ToHexStringLower(
        HMACSHA256.HashData(state.Look(document => document.SigningKey), Encoding.UTF8.GetBytes($"{job}/{part}")));
}
