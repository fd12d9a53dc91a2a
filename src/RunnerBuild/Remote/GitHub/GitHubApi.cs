using System.Globalization;
using System.Net;
using System.Text.Json;
using Octokit;
using Octokit.Internal;

namespace RunnerBuild.Remote.GitHub;

/// <summary>GitHub's REST API, through Octokit, with errors that say how to go on.</summary>
internal sealed class GitHubApi(Uri api, Secret? token, HttpMessageHandler? handler = null)
{
    // Each try has its own deadline in the handler; this is for all of them, waiting for a limit included.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    private const int PageSize = 100;

    /// <summary>The same, as a GitHub App itself.</summary>
    public GitHubApi As(Secret jwt) => new(api, null, handler) { Client = Connect(api, jwt, bearer: true, handler: handler) };

    public GitHubClient Client { get; private init; } = Connect(api, token, handler: handler);

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

    /// <summary>All of a list, page after page. Errors: <see cref="RunnerBuildException"/> when GitHub sends fewer than it says there are. Null: 404.</summary>
    /// <param name="path">Without `per_page` and `page`.</param>
    /// <param name="property">What holds the list; null: the answer is the list itself, and says no count.</param>
    public async Task<IReadOnlyList<JsonElement>?> ListAsync(string path, string? property, CancellationToken cancel)
    {
        var all = new List<JsonElement>();
        for (var page = 1; ; page++)
        {
            if (await GetAsync($"{path}{(path.Contains('?') ? '&' : '?')}per_page={PageSize}&page={page}", cancel) is not { } answer)
                return null;
            var items = (property is null ? answer : answer.GetProperty(property)).EnumerateArray().ToList();
            all.AddRange(items);
            if (property is null ? items.Count < PageSize : items.Count == 0 || all.Count >= answer.GetProperty("total_count").GetInt32())
                return property is null || all.Count >= answer.GetProperty("total_count").GetInt32()
                    ? all
                    : throw new RunnerBuildException(
                        $"GitHub listed {all.Count} of {answer.GetProperty("total_count").GetInt32()} at {path}.", "The list was cut short, so nothing can be concluded from what is not in it.", "Run the same target again.");
        }
    }

    /// <summary>An answer with its headers, whatever its status.</summary>
    public async Task<GitHubLook> LookAsync(string path, CancellationToken cancel)
    {
        try
        {
            var response = (await Client.Connection.Get<string>(new Uri(path, UriKind.Relative), new Dictionary<string, string>(), "application/vnd.github+json", cancel)).HttpResponse;
            using var json = JsonDocument.Parse((string)response.Body);
            return new((int)response.StatusCode, response.Headers, json.RootElement.Clone(), "");
        }
        catch (ApiException refused)
        {
            return new((int)refused.StatusCode, refused.HttpResponse?.Headers ?? new Dictionary<string, string>(), null, refused.Message);
        }
        catch (Exception fault) when (IsNoAnswer(fault, cancel) || fault is JsonException)
        {
            throw Unreachable(api, fault);
        }
    }

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
        fault is HttpRequestException or IOException || fault is OperationCanceledException && !cancel.IsCancellationRequested;

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

    /// <param name="bearer">A JWT, which GitHub takes only so.</param>
    public static GitHubClient Connect(Uri api, Secret? token, bool bearer = false, HttpMessageHandler? handler = null)
    {
        var credentials = token is null ? Credentials.Anonymous : new Credentials(token.Reveal(), bearer ? AuthenticationType.Bearer : AuthenticationType.Oauth);
        // As GitHubClient itself does with an address: a server of one's own has its API below /api/v3.
        var connection = new Connection(
            new ProductHeaderValue("RunnerBuild"), Base(api), new InMemoryCredentialStore(credentials), new HttpClientAdapter(() => new Lent(handler ?? GitHubHandler.Shared)), new SimpleJsonSerializer());
        connection.SetRequestTimeout(Deadline);
        return new GitHubClient(connection);
    }

    private static Uri Base(Uri api) => api.ToString().EndsWith('/') ? api : new Uri($"{api}/");

    /// <summary>The shared handler, which outlives the client that it is lent to.</summary>
    private sealed class Lent(HttpMessageHandler inner) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _inner = new(inner, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _inner.SendAsync(request, cancellationToken);
    }
}

/// <summary>One answer of the REST API.</summary>
/// <param name="Body">Null when it was a refusal; <paramref name="Message"/> has GitHub's words then.</param>
internal sealed record GitHubLook(int Status, IReadOnlyDictionary<string, string> Headers, JsonElement? Body, string Message)
{
    public string? Header(string name) => Headers.FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
