namespace Lab.GitHub.RunnerService;

/// <summary>An error as the runner service words it.</summary>
/// <param name="source">`actions-broker-listener` or `actions-run-service`.</param>
/// <param name="kind">What the runner acts on, such as `RunnerNotFound`.</param>
internal sealed class ServiceRefusal(string source, string kind, int status, string message) : Exception(message)
{
    public IResult Answer => Results.Json(
        new { source, errorKind = kind, statusCode = status, errorMessage = Message }, statusCode: status);

    public static ServiceRefusal Broker(string kind, int status, string message) => new("actions-broker-listener", kind, status, message);

    public static ServiceRefusal RunService(int status, string message) => new("actions-run-service", "JobNotFound", status, message);

    public static ServiceRefusal Unauthorized(string message) => new("actions-broker-listener", "Unauthorized", 401, message);
}

/// <summary>Turns refusals into answers, and reads what every call of a runner carries.</summary>
internal static class ServiceCalls
{
    public static RouteGroupBuilder AnswerRefusals(this RouteGroupBuilder routes)
    {
        routes.AddEndpointFilter(async (context, next) =>
        {
            try
            {
                return await next(context);
            }
            catch (ServiceRefusal refusal)
            {
                return refusal.Answer;
            }
            catch (System.Text.Json.JsonException wrong)
            {
                return ServiceRefusal.Broker("BadRequest", 400, wrong.Message).Answer;
            }
        });
        return routes;
    }

    public static string? Bearer(this HttpRequest request) =>
        request.Headers.Authorization.ToString().Split(' ', 2) is [var scheme, var token] && scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
            ? token.Trim()
            : null;

    /// <summary>The id of the runner that calls, by its access token.</summary>
    public static long Runner(this HttpRequest request, RunnerTokens tokens) =>
        tokens.RunnerOf(request.Bearer()) ?? throw ServiceRefusal.Unauthorized("The access token is unknown or has expired.");
}
