using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Supervisor.GitHub;

/// <summary>Reads what an answer that is no success means.</summary>
internal static class GitHubAnswer
{
    public static GitHubFault FaultOf(HttpMethod method, string url, HttpResponseMessage response, byte[] body)
    {
        var message = MessageIn(body);
        var said = message.Length > 0 ? $" ({message})" : "";
        var call = $"{method} {new Uri(url).AbsolutePath}";
        var status = (int)response.StatusCode;
        if (IsRateLimit(response, message))
        {
            var wait = WaitOf(response);
            return new GitHubFault(FaultKind.RateLimited, $"GitHub limits the rate of calls: {status} to {call}{said}; asking again in {wait.TotalSeconds:0} s.", wait) { Status = status };
        }
        var (kind, text) = response.StatusCode switch
        {
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => (FaultKind.Denied, $"What the fleet names has moved: {status} to {call}, on to {response.Headers.Location?.OriginalString.Split('?')[0]}. Put its new name into the fleet and run DeployRunners."),
            HttpStatusCode.Unauthorized => (FaultKind.Denied, $"GitHub does not accept the credential: 401 to {call}{said}."),
            HttpStatusCode.Forbidden => (FaultKind.Denied, $"The credential may not do this: 403 to {call}{said}.{Permissions(response)}"),
            HttpStatusCode.NotFound => (FaultKind.Denied, $"GitHub knows no such thing, or the credential may not see it: 404 to {call}{said}.{Permissions(response)}"),
            HttpStatusCode.Conflict => (FaultKind.NameTaken, $"The runner's name is taken: 409 to {call}{said}."),
            >= HttpStatusCode.InternalServerError => (FaultKind.Unavailable, $"GitHub has trouble: {status} to {call}{said}."),
            _ => (FaultKind.Refused, $"GitHub refuses the request: {status} to {call}{said}."),
        };
        return new GitHubFault(kind, text, AskedFor(response)) { Status = status };
    }

    private static bool IsRateLimit(HttpResponseMessage response, string message) =>
        response.StatusCode == HttpStatusCode.TooManyRequests
        || (response.StatusCode == HttpStatusCode.Forbidden
            && (Header(response, "x-ratelimit-remaining") == "0" || response.Headers.RetryAfter is not null
                || message.Contains("rate limit", StringComparison.OrdinalIgnoreCase)));

    // GitHub's rule: Retry-After, else the reset of the limit when nothing remains, else at least a minute.
    private static TimeSpan WaitOf(HttpResponseMessage response)
    {
        if (AskedFor(response) is { } asked)
            return asked;
        if (Header(response, "x-ratelimit-remaining") == "0"
            && long.TryParse(Header(response, "x-ratelimit-reset"), NumberStyles.None, CultureInfo.InvariantCulture, out var reset)
            && DateTimeOffset.FromUnixTimeSeconds(reset) - NowOf(response) is { } left && left > TimeSpan.Zero)
            return Capped(left + TimeSpan.FromSeconds(1));
        return TimeSpan.FromMinutes(1);
    }

    private static TimeSpan? AskedFor(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => Capped(delta),
        { Date: { } date } => Capped(date - NowOf(response)),
        _ => null,
    };

    // Its times are times of its own clock, which the answer tells.
    private static DateTimeOffset NowOf(HttpResponseMessage response) => response.Headers.Date ?? DateTimeOffset.UtcNow;

    // A clock that is wrong on either side must not stop a slot for days.
    private static TimeSpan Capped(TimeSpan wait) => TimeSpan.FromSeconds(Math.Clamp(wait.TotalSeconds, 1, 3700));

    private static string Permissions(HttpResponseMessage response) =>
        (Header(response, "x-accepted-github-permissions") ?? Header(response, "x-accepted-oauth-scopes")) is { Length: > 0 } needed
            ? $" It needs {needed}."
            : " It needs: for a repository Administration read and write (classic: repo), for an organisation Self-hosted runners read and write (classic: admin:org), for an enterprise manage_runners:enterprise.";

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    private static string MessageIn(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, GitHubJson.Default.ErrorAnswer)?.Message?.Trim() ?? "";
        }
        catch (JsonException)
        {
            return "";
        }
    }
}
