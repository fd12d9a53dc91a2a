using System.Text.Json.Nodes;

namespace Lab.Runner.Listening;

/// <summary>A job message, and the parts of it that are needed to renew and complete the job.</summary>
internal sealed record RunningJob(string Name, string PlanId, string JobId, Uri RunService, string Token, JsonObject Message)
{
    public static RunningJob Of(JsonObject message)
    {
        if (message["messageType"]?.ToString() != "RunnerJobRequest")
            throw new RunnerFailure($"The job message is a {message["messageType"] ?? "message without a type"}.", ExitCode.Retryable);

        var connection = message["resources"]?["endpoints"]?.AsArray().FirstOrDefault(e => e?["name"]?.ToString() == "SystemVssConnection");
        var token = connection?["authorization"]?["parameters"]?["AccessToken"]?.ToString();
        return new(
            Needed(message["jobDisplayName"], "jobDisplayName"),
            Needed(message["plan"]?["planId"], "plan"),
            Needed(message["jobId"], "jobId"),
            new(Needed(connection?["url"], "SystemVssConnection")),
            token?.Split('.').Length == 3 ? token : throw new RunnerFailure("The job's AccessToken is no JWT.", ExitCode.Retryable),
            message);
    }

    /// <summary>How far the lease goes now; false when the service knows no such job.</summary>
    public async Task<ServiceAnswer> RenewAsync(ServiceClient client, CancellationToken cancel) => await client.SendAsync(
        HttpMethod.Post, new(RunService, "renewjob"), Token, new JsonObject { ["planId"] = PlanId, ["jobId"] = JobId }, cancel);

    public async Task<ServiceAnswer> CompleteAsync(ServiceClient client, JsonObject report, CancellationToken cancel)
    {
        report["planId"] = PlanId;
        report["jobId"] = JobId;
        report["billingOwnerId"] = Message["billingOwnerId"]?.ToString();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answer = await client.SendAsync(HttpMethod.Post, new(RunService, "completejob"), Token, report, cancel);
                if ((int)answer.Status < 500 || attempt == 5)
                    return answer;
            }
            catch (HttpRequestException) when (attempt < 5)
            {
                // Told again below; the last attempt's failure is the caller's.
            }
            await Task.Delay(TimeSpan.FromSeconds(attempt), cancel);
        }
    }

    private static string Needed(JsonNode? value, string name) =>
        value?.ToString() ?? throw new RunnerFailure($"The job message has no {name}.", ExitCode.Retryable);
}

/// <summary>How a job ended; the numbers are the worker's exit codes.</summary>
internal enum JobResult
{
    Succeeded = 100,
    Failed = 102,
    Canceled = 103,
    Abandoned = 105,
}
