using System.Net;

namespace Lab.Runner.Listening;

/// <summary>Calls with the runner's access token; fetches a new one when the old one is refused, once per call.</summary>
internal sealed class AccessTokens(ServiceClient client, RunnerCredentials credentials)
{
    private string? _token;

    public async Task<ServiceAnswer> SendAsync(HttpMethod method, Uri url, System.Text.Json.Nodes.JsonNode? body, CancellationToken cancel)
    {
        var answer = await client.SendAsync(method, url, _token ??= await FetchAsync(cancel), body, cancel);
        if (answer.Status != HttpStatusCode.Unauthorized)
            return answer;

        _token = await FetchAsync(cancel);
        return await client.SendAsync(method, url, _token, body, cancel);
    }

    private async Task<string> FetchAsync(CancellationToken cancel)
    {
        var answer = await client.SendFormAsync(
            credentials.AuthorizationUrl,
            new()
            {
                ["grant_type"] = "client_credentials",
                ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                ["client_assertion"] = credentials.Assertion(),
            },
            cancel);
        if (answer is { Good: true, Json: { } json } && json["access_token"]?.ToString() is { } token)
            return token;

        throw answer.Status == HttpStatusCode.BadRequest
            ? new RunnerFailure(
                $"Failed to create a session. The runner registration has been deleted from the server, please re-configure. ({answer})",
                ExitCode.Terminated)
            : new HttpRequestException($"{credentials.AuthorizationUrl} answered {answer}.", null, answer.Status);
    }
}
