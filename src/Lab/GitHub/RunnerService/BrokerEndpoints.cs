using System.Text.Json;
using Lab.GitHub.Faults;
using Lab.GitHub.State;

namespace Lab.GitHub.RunnerService;

/// <summary>Sessions and messages of listening runners.</summary>
internal sealed class BrokerEndpoints(GitHubState state, Sessions sessions, RunnerTokens tokens, JobQueue jobs, FaultSwitch faults, TimeProvider time)
{
    private long _messages;

    public void Map(IEndpointRouteBuilder endpoints)
    {
        var broker = endpoints.MapGroup("/broker").AnswerRefusals();
        broker.MapPost("/session", OpenAsync);
        broker.MapDelete("/session", Close);
        broker.MapGet("/message", PollAsync);
        broker.MapPost("/acknowledge", AcknowledgeAsync);
    }

    private async Task<IResult> OpenAsync(HttpRequest request, CancellationToken cancel)
    {
        var runner = Known(request.Runner(tokens));
        var body = (await JsonDocument.ParseAsync(request.Body, cancellationToken: cancel)).RootElement;
        var owner = body.TryGetProperty("ownerName", out var name) ? name.ToString() : "";
        if (sessions.Open(runner.Id) is not { } session)
            throw ServiceRefusal.Broker("RunnerSessionConflict", 409, $"The runner {runner.Name} already has an active session.");

        NoteSeen(runner, body.TryGetProperty("agent", out var agent) && agent.TryGetProperty("version", out var version) ? version.ToString() : "");
        return Results.Json(new
        {
            sessionId = session.Id,
            ownerName = owner,
            agent = new { id = runner.Id, name = runner.Name, version = runner.Version },
            useFipsEncryption = false,
        });
    }

    private IResult Close(HttpRequest request)
    {
        sessions.Close(request.Runner(tokens));
        state.Wake();
        return Results.NoContent();
    }

    private async Task<IResult> PollAsync(HttpContext http, string? sessionId, string? status)
    {
        var runner = Known(http.Request.Runner(tokens));
        var session = sessions.Find(runner.Id, sessionId)
            ?? throw ServiceRefusal.Broker("RunnerSessionInvalid", 403, "The session is not open: open a new one.");
        RefuseOld(http.Request.Query["runnerVersion"].ToString());
        using var poll = sessions.Poll(session);
        var message = await jobs.NextMessageAsync(runner.Id, listening: status == "Online", http.RequestAborted);
        NoteSeen(runner, http.Request.Query["runnerVersion"].ToString());
        if (message is null)
        {
            Known(runner.Id);
            return Results.StatusCode(StatusCodes.Status202Accepted);
        }

        await DeliverAsync(http, message);
        return Results.Empty;
    }

    private async Task DeliverAsync(HttpContext http, BrokerMessage message)
    {
        try
        {
            http.RequestAborted.ThrowIfCancellationRequested();
            await http.Response.WriteAsJsonAsync(
                new { messageId = Interlocked.Increment(ref _messages), messageType = message.Type, body = JsonSerializer.Serialize(message.Body) },
                http.RequestAborted);
            await http.Response.CompleteAsync();
            http.RequestAborted.ThrowIfCancellationRequested();
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            jobs.Undelivered(message);
        }
    }

    private async Task<IResult> AcknowledgeAsync(HttpRequest request, CancellationToken cancel)
    {
        var runner = Known(request.Runner(tokens));
        var body = (await JsonDocument.ParseAsync(request.Body, cancellationToken: cancel)).RootElement;
        var wanted = body.TryGetProperty("runnerRequestId", out var id) && Guid.TryParse(id.ToString(), out var guid) ? guid : Guid.Empty;
        return state.Look(document => document.Jobs.Exists(job => job.RequestId == wanted && job.RunnerId == runner.Id && !job.Done))
            ? Results.Ok()
            : throw ServiceRefusal.Broker("AcknowledgeJobNotFound", 404, $"The job request {wanted} is not offered to {runner.Name}.");
    }

    private Registration Known(long runner)
    {
        if (faults.IsOn(FaultKind.BrokerDown))
            throw ServiceRefusal.Broker("ServiceUnavailable", 503, "The service is unavailable.");
        return state.Look(document => document.Registration(runner))
            ?? throw ServiceRefusal.Broker("RunnerNotFound", 404, "The runner registration has been deleted.");
    }

    /// <summary>GitHub lets runners of an old version register, and gives them no jobs.</summary>
    private void RefuseOld(string version)
    {
        if (faults.Text(FaultKind.Deprecation) is { } least && Version.TryParse(version, out var has) && Version.TryParse(least, out var wanted) && has < wanted)
            throw ServiceRefusal.Broker("RunnerVersionTooOld", 403, $"Runner version v{version} is deprecated and cannot receive messages.");
    }

    private void NoteSeen(Registration runner, string version) => state.Look(_ =>
    {
        runner.Seen = time.GetUtcNow();
        return runner.Version = version.Length > 0 ? version : runner.Version;
    });
}
