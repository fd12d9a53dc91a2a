using System.Globalization;
using System.Net;
using System.Text.Json;
using Octokit;

namespace RunnerBuild.Remote.GitHub;

/// <summary>GitHub's REST API, through Octokit, with errors that say how to go on.</summary>
internal sealed class GitHubApi(Uri api, Secret? token)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public GitHubClient Client { get; } = Connect(api, token);

    /// <summary>A GET that Octokit has no method for. Null when GitHub answers 404.</summary>
    /// <param name="path">Relative to the API's base, such as `orgs/acme/actions/runners?per_page=1`.</param>
    public Task<JsonElement?> GetAsync(string path, CancellationToken cancel) => AskAsync<JsonElement?>(
        $"GET {path}",
        async () =>
        {
            var response = await Client.Connection.Get<string>(new Uri(path, UriKind.Relative), new Dictionary<string, string>(), "application/vnd.github+json", cancel);
            using var json = JsonDocument.Parse((string)response.HttpResponse.Body);
            return json.RootElement.Clone();
        },
        cancel);

    /// <summary>A POST without a body, whose answer nobody needs. False when GitHub answers 404.</summary>
    /// <param name="path">Relative to the API's base.</param>
    public Task<bool> PostAsync(string path, CancellationToken cancel) => AskAsync(
        $"POST {path}",
        async () =>
        {
            await Client.Connection.Post(new Uri(path, UriKind.Relative), cancel);
            return true;
        },
        cancel);

    private async Task<T?> AskAsync<T>(string request, Func<Task<T>> ask, CancellationToken cancel)
    {
        try
        {
            return await ask();
        }
        catch (NotFoundException)
        {
            return default;
        }
        catch (ApiException fault)
        {
            throw Explain(request, fault);
        }
        catch (JsonException fault)
        {
            throw Unreachable(api, fault);
        }
        catch (Exception fault) when (IsNoAnswer(fault, cancel))
        {
            throw Unreachable(api, fault);
        }
    }

    /// <summary>No connection, or none in time, as opposed to being cancelled.</summary>
    public static bool IsNoAnswer(Exception fault, CancellationToken cancel) =>
        fault is HttpRequestException || fault is OperationCanceledException && !cancel.IsCancellationRequested;

    public static RunnerBuildException Unreachable(Uri api, Exception fault) => new(
        $"GitHub at {api} does not answer.", fault.Message, "Check the network, a proxy, and `github.url` in the fleet; then run the same target again.");

    /// <param name="request">Method and path.</param>
    public static RunnerBuildException Explain(string request, ApiException fault) => fault.StatusCode switch
    {
        _ when fault is RateLimitExceededException limited => new(
            "GitHub takes no more requests of this credential for now.", $"{request}: its {limited.Limit} requests an hour are used up.",
            string.Create(CultureInfo.InvariantCulture, $"Run the same target again after {limited.Reset:u}.")),
        _ when fault is AbuseException or SecondaryRateLimitExceededException || fault.StatusCode == HttpStatusCode.TooManyRequests => new(
            "GitHub wants fewer requests at once.", $"{request}: {(int)fault.StatusCode} {fault.Message}", "Run the same target again in a few minutes."),
        HttpStatusCode.Unauthorized => new(
            "GitHub does not accept the credential.", $"{request}: 401 {fault.Message}", "It has expired or was revoked, or the reference names another secret. Put a new one where `github.credential` points."),
        HttpStatusCode.Forbidden => new(
            "The credential may not do this.", $"{request}: 403 {fault.Message}", PermissionsNeeded),
        _ => new("GitHub refused a request.", $"{request}: {(int)fault.StatusCode} {fault.Message}", "See https://www.githubstatus.com, then run the same target again."),
    };

    /// <summary>What a credential needs, by scope and kind: GitHub's documentation of self-hosted runners' REST endpoints.</summary>
    public const string PermissionsNeeded =
        "It needs, for an organization: `Self-hosted runners: read and write` (classic token: admin:org); for a repository: `Administration: read and write` (classic: repo); for an enterprise: manage_runners:enterprise.";

    private static GitHubClient Connect(Uri api, Secret? token)
    {
        var client = new GitHubClient(new ProductHeaderValue("RunnerBuild"), api);
        client.SetRequestTimeout(Deadline);
        if (token is not null)
            client.Credentials = new Credentials(token.Reveal());
        return client;
    }
}
