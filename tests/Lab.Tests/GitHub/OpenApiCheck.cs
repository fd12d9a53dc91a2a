using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace Lab.Tests.GitHub;

/// <summary>Compares every answer of a double's REST API with GitHub's description.</summary>
internal sealed class OpenApiCheck(OpenApi description)
{
    private const string Api = "/api/v3";

    // `config.sh` calls these; no description has them.
    private static readonly string[] Undescribed = ["/actions/runner-registration", "/actions/runners/register"];

    public ConcurrentQueue<string> Problems { get; } = [];

    public async Task WatchAsync(HttpContext http, RequestDelegate next)
    {
        var path = http.Request.Path.Value!;
        if (!path.StartsWith(Api, StringComparison.Ordinal) || Undescribed.Contains(path[Api.Length..]) || http.Request.Headers.Authorization.ToString().StartsWith("RemoteAuth", StringComparison.Ordinal))
        {
            await next(http);
            return;
        }

        var wire = http.Response.Body;
        using var copy = new MemoryStream();
        http.Response.Body = copy;
        await next(http);
        http.Response.Body = wire;
        var body = System.Text.Encoding.UTF8.GetString(copy.ToArray());
        // The description has only the JSON of calls that can answer with plain text too.
        if (http.Response.ContentType?.StartsWith("application/vnd.github", StringComparison.Ordinal) == true)
        {
            await wire.WriteAsync(copy.ToArray(), http.RequestAborted);
            return;
        }

        // What was cut short on purpose proves nothing.
        if (http.Response.StatusCode != 304 && !http.RequestAborted.IsCancellationRequested
            && await description.ProblemAsync(http.Request.Method, path[Api.Length..], http.Response.StatusCode, body) is { } problem)
            Problems.Enqueue(problem);
        // An answer that may have no body ends its connection when it is given one, be it empty.
        if (copy.Length > 0)
            await wire.WriteAsync(copy.ToArray(), http.RequestAborted);
    }
}
