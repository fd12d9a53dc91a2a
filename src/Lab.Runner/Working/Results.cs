using System.Text.Json.Nodes;

namespace Lab.Runner.Working;

/// <summary>Tells the results service of steps and logs. All of it is best effort: a failure is noted and does not fail the job.</summary>
internal sealed class Results(ServiceClient client, Uri? endpoint, string token, string planId, string jobId, Diagnostics diagnostics)
{
    private const string Steps = "github.actions.results.api.v1.WorkflowStepUpdateService/WorkflowStepsUpdate";
    private const string Receiver = "results.services.receiver.Receiver/";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private int _order;

    public Task UpdateAsync(StepReport step) => TryAsync(cancel => CallAsync(
        Steps,
        new() { ["steps"] = new JsonArray(step.Update()), ["change_order"] = ++_order },
        cancel));

    public Task JobLogAsync(string text, bool final) => LogAsync("Job", [], text, final);

    public Task StepLogAsync(StepReport step, string text, bool final) => LogAsync("Step", new() { ["step_backend_id"] = step.Id }, text, final);

    private Task LogAsync(string kind, JsonObject identity, string text, bool final) => TryAsync(async cancel =>
    {
        var answer = await CallAsync($"{Receiver}Get{kind}LogsSignedBlobURL", identity.DeepClone().AsObject(), cancel);
        var url = answer.Json?["logs_url"]?.ToString() ?? throw new HttpRequestException($"no address for a log: {answer}");
        await client.PutTextAsync(new(url), text, cancel);
        if (!final)
            return;

        identity["uploaded_at"] = DateTime.UtcNow.ToString("O");
        identity["line_count"] = text.Count(c => c == '\n');
        await CallAsync($"{Receiver}Create{kind}LogsMetadata", identity, cancel);
    });

    private async Task<ServiceAnswer> CallAsync(string call, JsonObject body, CancellationToken cancel)
    {
        body["workflow_run_backend_id"] = planId;
        body["workflow_job_run_backend_id"] = jobId;
        return await client.SendAsync(HttpMethod.Post, new(endpoint!, $"twirp/{call}"), token, body, cancel);
    }

    private async Task TryAsync(Func<CancellationToken, Task> call)
    {
        if (endpoint is null)
            return;

        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await call(limit.Token);
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException)
        {
            diagnostics.Write($"results service: {lost.Message}");
        }
    }
}
