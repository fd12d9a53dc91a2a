using System.Text.Json.Nodes;
using Lab.Runner.Listening;

namespace Lab.Runner.Working;

/// <summary>The worker process: reads a job from standard input, runs it, completes it, and exits with its result.</summary>
internal static class Worker
{
    private const int Crashed = 1;

    public static async Task<int> RunAsync()
    {
        var root = RunnerRoot.OfThisProgram();
        using var diagnostics = root.Diagnostics("Worker");
        using var client = new ServiceClient();
        using var orders = new JobOrders();
        using var input = new StreamReader(Console.OpenStandardInput());
        if (await input.ReadLineAsync() is not { } line || JsonNode.Parse(line) is not JsonObject message)
            return Crashed;

        var request = new JobRequest(RunningJob.Of(message));
        _ = FollowAsync(input, orders);
        var log = new JobLog();
        foreach (var secret in request.Secrets())
            log.Mask(secret);
        var job = request.Job;
        var results = new Results(client, request.ResultsEndpoint, job.Token, job.PlanId, job.JobId, diagnostics);
        diagnostics.Write($"job {job.JobId}: {job.Name}");
        var (result, report) = await new JobRun(request, RunnerSettings.Read(root), results, log, orders).RunAsync();
        var answer = await job.CompleteAsync(client, report, CancellationToken.None);
        diagnostics.Write($"job {job.JobId}: {result}, the service answered {answer}");
        return (int)result;
    }

    /// <summary>An end of the input means that the listener was killed: the job goes on.</summary>
    private static async Task FollowAsync(StreamReader input, JobOrders orders)
    {
        while (await input.ReadLineAsync() is { } order)
        {
            if (order == nameof(WorkerOrder.Shutdown))
                orders.ShutDownNow();
            else if (order == nameof(WorkerOrder.Cancel))
                orders.Cancel();
        }
    }
}
