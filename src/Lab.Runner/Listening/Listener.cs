using System.Net;
using System.Text.Json.Nodes;

namespace Lab.Runner.Listening;

/// <summary>Listens for jobs and gives each to a worker process; returns the program's exit code.</summary>
internal sealed class Listener(RunnerRoot root, RunnerSettings settings, ServiceClient client, Diagnostics diagnostics, Shutdown shutdown)
{
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(10);

    public async Task<int> RunAsync(RunnerCredentials credentials, bool once)
    {
        var broker = new Broker(new(client, credentials), settings);
        var sessions = new SessionOpening(broker, diagnostics);
        Console.WriteLine("\n√ Connected to GitHub\n");
        try
        {
            await sessions.OpenAsync(shutdown.Token);
            Console.WriteLine($"Current runner version: '{RunnerVersion.Number}'");
            Say("Listening for Jobs");
            return await ListenAsync(broker, sessions, once || settings.Ephemeral);
        }
        catch (OperationCanceledException) when (shutdown.Token.IsCancellationRequested)
        {
            diagnostics.Write("asked to end while idle");
            await CloseAsync(broker);
            Console.WriteLine("Exiting...");
            return shutdown.ExitCode;
        }
    }

    private async Task<int> ListenAsync(Broker broker, SessionOpening sessions, bool once)
    {
        var retry = new Backoff(diagnostics);
        while (true)
        {
            if (await PollAsync(broker, retry) is not { } answer)
                continue;

            switch (answer.Error)
            {
                case "RunnerNotFound":
                    Console.WriteLine("The runner no longer exists on the server: its configuration is removed.");
                    RemoveConfiguration();
                    return ExitCode.Done;
                case "HostedRunnerDeprovisioned":
                    return ExitCode.Done;
                case "RunnerVersionTooOld":
                    throw new RunnerFailure($"This runner version is too old: {answer}", VersionExit());
                case "RunnerSessionInvalid":
                    await sessions.OpenAsync(shutdown.Token);
                    continue;
            }
            if (answer.Status == HttpStatusCode.Unauthorized)
                throw new RunnerFailure($"The broker refuses this runner: {answer}", ExitCode.Terminated);
            if (!answer.Good)
                await retry.WaitAsync($"{answer}", shutdown.Token);
            else if (answer.Json is { } message && await HandleAsync(broker, message) is { } exit && (once || exit != ExitCode.Done))
                return exit;
        }
    }

    private async Task<ServiceAnswer?> PollAsync(Broker broker, Backoff retry)
    {
        try
        {
            var answer = await broker.PollAsync(busy: false, shutdown.Token);
            if (answer.Good)
                retry.Reset();
            return answer;
        }
        catch (Exception lost) when (lost is HttpRequestException || (lost is OperationCanceledException && !shutdown.Token.IsCancellationRequested))
        {
            await retry.WaitAsync(lost.Message, shutdown.Token);
            return null;
        }
    }

    /// <summary>The exit code for a runner of one job; null when the message was no job that could be had.</summary>
    private async Task<int?> HandleAsync(Broker broker, JsonObject message)
    {
        var type = message["messageType"]?.ToString();
        diagnostics.Write($"message {message["messageId"]}, {type}");
        if (type != "RunnerJobRequest" || JsonNode.Parse(message["body"]?.ToString() ?? "{}") is not JsonObject body)
            return null;

        var request = body["runner_request_id"]?.ToString() ?? "";
        if (body["should_acknowledge"]?.GetValue<bool>() == true
            && (await broker.AcknowledgeAsync(request, shutdown.Token)).Error == "AcknowledgeJobNotFound" && settings.Ephemeral)
            return ExitCode.Done;

        var answer = await broker.AcquireAsync(new(body["run_service_url"]!.ToString()), request, body["billing_owner_id"]?.ToString() ?? "", shutdown.Token);
        if (!answer.Good || answer.Json is not { } job)
        {
            diagnostics.Write($"the job {request} could not be acquired: {answer}");
            await Task.Delay(TimeSpan.FromSeconds(5), shutdown.Token);
            return null;
        }

        return await WorkAsync(broker, job);
    }

    private async Task<int> WorkAsync(Broker broker, JsonObject message)
    {
        var job = RunningJob.Of(message);
        Say($"Running job: {job.Name}");
        var result = await new JobDispatch(root, client, broker, job, diagnostics).RunAsync(shutdown.Token);
        Say($"Job {job.Name} completed with result: {result}");
        if (settings.Ephemeral)
            RemoveConfiguration();
        if (settings.Ephemeral || shutdown.Token.IsCancellationRequested)
            await CloseAsync(broker);
        if (Environment.GetEnvironmentVariable("ACTIONS_RUNNER_RETURN_JOB_RESULT_FOR_HOSTED") is { Length: > 0 })
            return (int)result;
        return shutdown.Token.IsCancellationRequested ? shutdown.ExitCode : ExitCode.Done;
    }

    private async Task CloseAsync(Broker broker)
    {
        using var limit = new CancellationTokenSource(CloseLimit);
        try
        {
            await broker.CloseAsync(limit.Token);
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException or RunnerFailure)
        {
            diagnostics.Write($"the session could not be closed: {lost.Message}");
        }
    }

    private void RemoveConfiguration()
    {
        foreach (var name in RunnerRoot.ConfigurationFiles)
            File.Delete(root.File(name));
        Console.WriteLine("√ Removed .credentials");
        Console.WriteLine("√ Removed .runner");
    }

    private static int VersionExit() =>
        Environment.GetEnvironmentVariable("ACTIONS_RUNNER_RETURN_VERSION_DEPRECATED_EXIT_CODE") is { Length: > 0 }
            ? ExitCode.VersionDeprecated
            : ExitCode.Terminated;

    private static void Say(string text) => Console.WriteLine($"{DateTime.UtcNow:u}: {text}");
}
