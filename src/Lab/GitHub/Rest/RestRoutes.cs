using System.Text.Json;
using Lab.GitHub.Faults;

namespace Lab.GitHub.Rest;

/// <summary>Routes below `/api/v3`: each call is told by its credential, counted, and answered with GitHub's headers and errors.</summary>
internal sealed class RestRoutes(IEndpointRouteBuilder endpoints, Access access, RateLimits limits, RestFaults faults, TimeProvider clock)
{
    private static readonly JsonElement Nothing = JsonDocument.Parse("{}").RootElement;

    private readonly RouteGroupBuilder _routes = endpoints.MapGroup("/api/v3");

    public void Get(string path, Func<RestCall, IResult> answer, bool open = false) => Map(HttpMethods.Get, path, answer, open);

    public void Post(string path, Func<RestCall, IResult> answer, bool open = false) => Map(HttpMethods.Post, path, answer, open);

    public void Put(string path, Func<RestCall, IResult> answer) => Map(HttpMethods.Put, path, answer, open: false);

    public void Patch(string path, Func<RestCall, IResult> answer) => Map(HttpMethods.Patch, path, answer, open: false);

    public void Delete(string path, Func<RestCall, IResult> answer) => Map(HttpMethods.Delete, path, answer, open: false);

    /// <summary>All that no other route takes.</summary>
    public void Rest() => _routes.Map("/{**path}", http => AnswerAsync(http, _ => throw RestRefusal.NotFound(), open: false));

    private void Map(string method, string path, Func<RestCall, IResult> answer, bool open) =>
        _routes.MapMethods(path, [method], http => AnswerAsync(http, answer, open));

    private async Task AnswerAsync(HttpContext http, Func<RestCall, IResult> answer, bool open)
    {
        http.Response.Headers["X-GitHub-Request-Id"] = Guid.NewGuid().ToString("N").ToUpperInvariant();
        http.Response.Headers["X-GitHub-Media-Type"] = "github.v3; format=json";
        http.Response.Headers.Date = clock.GetUtcNow().ToString("R");
        try
        {
            await BufferedAnswer.SendAsync(http, await ResultAsync(http, answer, open), limits, faults.Cuts);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone.
        }
    }

    private async Task<IResult> ResultAsync(HttpContext http, Func<RestCall, IResult> answer, bool open)
    {
        try
        {
            await faults.BeforeAsync(http);
            var caller = access.Of(http.Request);
            faults.Refuse(http);
            limits.Count(caller, http);
            if (caller.Kind == CallerKind.Anonymous && !open)
                throw new RestRefusal(401, "Requires authentication");

            return answer(new(http, caller, await BodyAsync(http)) { Truncated = faults.TruncatesLists });
        }
        catch (RestRefusal refusal)
        {
            return refusal.Answer;
        }
    }

    private static async Task<JsonElement> BodyAsync(HttpContext http)
    {
        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        if (buffer.Length == 0)
            return Nothing;

        try
        {
            var body = JsonDocument.Parse(buffer.ToArray()).RootElement;
            return body.ValueKind == JsonValueKind.Object ? body : throw new RestRefusal(400, "Body should be a JSON object");
        }
        catch (JsonException)
        {
            throw new RestRefusal(400, "Problems parsing JSON");
        }
    }
}
