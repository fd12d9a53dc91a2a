using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Octokit;
using RunnerBuild.Config;

namespace RunnerBuild.Remote.GitHub;

/// <summary>How a workflow went.</summary>
/// <param name="Conclusion">`success`, `failure`, `cancelled`…</param>
/// <param name="Runner">Name of the runner that ran its first job; null when none did.</param>
internal sealed record WorkflowOutcome(long Run, string Conclusion, string? Runner, string Url)
{
    public ImmutableArray<JobOutcome> Jobs { get; init; } = [];
}

/// <summary>How one job of a workflow went.</summary>
/// <param name="Step">The step that it failed at; null when it did not, or nobody knows.</param>
internal sealed record JobOutcome(string Name, string Conclusion, string? Runner, string Url, string? Step);

/// <summary>Starts a workflow by hand, finds the run that it became, and waits for its end.</summary>
internal sealed class WorkflowDispatch(Canary canary, Secret token)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    // Which of the project's own files it should be.
    private string Sample => canary.Workflow == canary.ImageWorkflow ? "image-canary.yml" : "canary.yml";

    private readonly GitHubApi _api = new(new Uri(canary.Scope.Api), token);

    /// <param name="inputs">The workflow's; `nonce` must be part of its run-name, so that the run is found where GitHub does not name it.</param>
    public async Task<WorkflowOutcome> RunAsync(IReadOnlyDictionary<string, string> inputs, TimeSpan limit, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        var run = await DispatchAsync(inputs, cancel);
        while (TimeProvider.System.GetElapsedTime(started) < limit)
        {
            run ??= await FindAsync(inputs["nonce"], cancel);
            if (run is { } id && await OutcomeAsync(id, cancel) is { } outcome)
                return outcome;
            await Task.Delay(Pause, cancel);
        }

        if (run is { } late)
            await CancelAsync(late);
        throw new RunnerBuildException(
            $"The canary did not end within {limit.TotalSeconds:0} seconds.",
            run is null ? "GitHub shows no run of it." : $"Run {run} was cancelled: no runner took it, or it hung.",
            $"Check that {canary.Workflow} is on {canary.Ref} of {canary.Repository}, has `run-name` with the nonce, and that its label is one of the runners'.");
    }

    private async Task<long?> DispatchAsync(IReadOnlyDictionary<string, string> inputs, CancellationToken cancel)
    {
        var path = $"repos/{canary.Repository}/actions/workflows/{canary.Workflow}/dispatches";
        try
        {
            var body = new Dictionary<string, object> { ["ref"] = canary.Ref, ["inputs"] = inputs, ["return_run_details"] = true };
            var response = await _api.Client.Connection.Post<string>(
                new Uri(path, UriKind.Relative), JsonSerializer.Serialize(body), "application/vnd.github+json", "application/json", new Dictionary<string, string>(), cancel);
            // Servers older than 2026 answer 204 without a body.
            return response.HttpResponse is { StatusCode: HttpStatusCode.OK, Body: string { Length: > 0 } text }
                && JsonDocument.Parse(text).RootElement.TryGetProperty("workflow_run_id", out var id) ? id.GetInt64() : null;
        }
        catch (NotFoundException)
        {
            throw new RunnerBuildException(
                $"The canary workflow {canary.Workflow} is not in {canary.Repository}.", "GitHub answers 404, which it also does when the credential may not start workflows.",
                $"Put docs/{Sample} there as .github/workflows/{canary.Workflow} on the default branch, and give the credential `Actions: read and write`.");
        }
        catch (ApiValidationException fault) when (fault.Message.Contains("Unexpected inputs", StringComparison.OrdinalIgnoreCase))
        {
            throw new RunnerBuildException(
                $"The workflow {canary.Workflow} of {canary.Repository} does not take what is asked of it.", $"POST {path}: 422 {fault.Message}",
                $"Copy docs/{Sample} over .github/workflows/{canary.Workflow} on the default branch.");
        }
        catch (ApiException fault)
        {
            throw GitHubApi.Explain($"POST {path}", fault);
        }
        catch (Exception fault) when (GitHubApi.IsNoAnswer(fault, cancel))
        {
            throw GitHubApi.Unreachable(new Uri(canary.Scope.Api), fault);
        }
    }

    private async Task<long?> FindAsync(string nonce, CancellationToken cancel)
    {
        var runs = await _api.GetAsync($"repos/{canary.Repository}/actions/workflows/{canary.Workflow}/runs?event=workflow_dispatch&per_page=50", cancel);
        return runs?.GetProperty("workflow_runs").EnumerateArray()
            .Where(run => run.GetProperty("display_title").GetString()!.Contains(nonce, StringComparison.Ordinal))
            .Select(run => (long?)run.GetProperty("id").GetInt64()).FirstOrDefault();
    }

    private async Task<WorkflowOutcome?> OutcomeAsync(long run, CancellationToken cancel)
    {
        var details = await _api.GetAsync($"repos/{canary.Repository}/actions/runs/{run}", cancel);
        if (details?.GetProperty("status").GetString() != "completed")
            return null;
        var jobs = await _api.GetAsync($"repos/{canary.Repository}/actions/runs/{run}/jobs", cancel);
        ImmutableArray<JobOutcome> all = [.. jobs?.GetProperty("jobs").EnumerateArray().Select(Job) ?? []];
        return new WorkflowOutcome(
            run, details.Value.GetProperty("conclusion").GetString() ?? "unknown", all.Select(job => job.Runner).FirstOrDefault(name => name is not null), Text(details.Value, "html_url") ?? "")
        {
            Jobs = all,
        };
    }

    private static JobOutcome Job(JsonElement job) => new(
        Text(job, "name") ?? "", Text(job, "conclusion") ?? "unknown", Text(job, "runner_name"), Text(job, "html_url") ?? "",
        job.TryGetProperty("steps", out var steps) && steps.ValueKind == JsonValueKind.Array
            ? steps.EnumerateArray().Where(step => Text(step, "conclusion") == "failure").Select(step => Text(step, "name")).FirstOrDefault()
            : null);

    private static string? Text(JsonElement holder, string name) =>
        holder.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private async Task CancelAsync(long run)
    {
        try
        {
            if (canary.Repository.Split('/') is [var owner, var name])
                await _api.Client.Actions.Workflows.Runs.Cancel(owner, name, run);
        }
        catch (Exception fault) when (fault is ApiException || GitHubApi.IsNoAnswer(fault, CancellationToken.None))
        {
            // It has ended just now, or GitHub does not answer: what is reported next is the same.
        }
    }
}
