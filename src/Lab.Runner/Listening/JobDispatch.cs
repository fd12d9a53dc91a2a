using System.Net;
using System.Text.Json.Nodes;

namespace Lab.Runner.Listening;

/// <summary>One job from its start to its end: the worker process, the lease, and the messages that come meanwhile.</summary>
internal sealed class JobDispatch(RunnerRoot root, ServiceClient client, Broker broker, RunningJob job, Diagnostics diagnostics)
{
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    public async Task<JobResult> RunAsync(CancellationToken shutdown)
    {
        if (!await LeaseAsync(shutdown))
            return JobResult.Abandoned;

        using var worker = WorkerProcess.Start(root, job.Message);
        diagnostics.Write($"worker {worker.Id} has job {job.JobId}");
        using var done = new CancellationTokenSource();
        await using var onShutdown = shutdown.Register(() => worker.Tell(WorkerOrder.Shutdown));
        var meanwhile = Task.WhenAll(RenewAsync(done.Token), ListenAsync(worker, done.Token));
        var result = await worker.ResultAsync();
        await done.CancelAsync();
        await meanwhile;
        return result ?? await ReportCrashAsync();
    }

    /// <summary>False when the service has no such job any more; other troubles are waited out.</summary>
    private async Task<bool> LeaseAsync(CancellationToken cancel)
    {
        while (true)
        {
            var answer = await TryAsync(token => job.RenewAsync(client, token), cancel);
            if (answer is { Good: true })
                return true;
            if (answer?.Status == HttpStatusCode.NotFound)
                return false;

            await Task.Delay(Pause, cancel);
        }
    }

    private async Task RenewAsync(CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            await Task.Delay(RenewEvery, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!done.IsCancellationRequested)
                await TryAsync(token => job.RenewAsync(client, token), done);
        }
    }

    private async Task ListenAsync(WorkerProcess worker, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            var answer = await TryAsync(token => broker.PollAsync(busy: true, token), done);
            if (answer is not { Good: true })
                await Task.Delay(Pause, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            else if (answer.Json is { } message && Cancels(message))
                worker.Tell(WorkerOrder.Cancel);
        }
    }

    private bool Cancels(JsonObject message) =>
        message["messageType"]?.ToString() == "JobCancellation"
        && JsonNode.Parse(message["body"]?.ToString() ?? "{}")?["jobId"]?.ToString() == job.JobId;

    /// <summary>Null when the call had no answer.</summary>
    private async Task<ServiceAnswer?> TryAsync(Func<CancellationToken, Task<ServiceAnswer>> call, CancellationToken cancel)
    {
        try
        {
            return await call(cancel);
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException or RunnerFailure)
        {
            diagnostics.Write(lost.Message);
            return null;
        }
    }

    private async Task<JobResult> ReportCrashAsync()
    {
        diagnostics.Write("the worker ended without a result");
        await TryAsync(token => job.CompleteAsync(client, new() { ["conclusion"] = "failed" }, token), CancellationToken.None);
        return JobResult.Failed;
    }
}
