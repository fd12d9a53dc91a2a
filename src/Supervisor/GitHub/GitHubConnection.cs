using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Supervisor.GitHub;

/// <summary>One call to GitHub's REST API with its deadline; anything but success is a <see cref="GitHubFault"/>.</summary>
internal sealed class GitHubConnection : IDisposable
{
    private readonly HttpClient client;
    private readonly ScopePauses pauses;
    private readonly KnownAnswers known = new();

    public GitHubConnection(TimeSpan deadline, TimeProvider clock)
    {
        pauses = new ScopePauses(clock);
        var handler = new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.GZip,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxConnectionsPerServer = 8,
            // Followed without the credential, a redirection would end as one that GitHub does not accept.
            AllowAutoRedirect = false,
        };
        client = new HttpClient(handler) { Timeout = deadline };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("github-docker-runners", "1"));
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/vnd.github+json"));
        client.DefaultRequestHeaders.Add("X-GitHub-Api-Version", "2022-11-28");
    }

    public ApiBudget Budget { get; } = new();

    /// <summary>How far GitHub's clock is ahead of this machine's, by its last answer.</summary>
    public TimeSpan Ahead { get; private set; }

    /// <param name="scope">Whose slots, and whose budget, the call is for.</param>
    public async Task<T> SendAsync<T>(
        GitHubScope scope, HttpMethod method, string url, string token, byte[]? body, JsonTypeInfo<T> answer, CancellationToken cancel)
    {
        var bytes = await SendAsync(scope, method, url, token, body, cancel);
        try
        {
            return JsonSerializer.Deserialize(bytes, answer) ?? throw new JsonException("null");
        }
        catch (JsonException)
        {
            throw new GitHubFault(FaultKind.Unavailable, $"{method} {url} was answered with something else than GitHub's JSON; is a proxy in between?");
        }
    }

    /// <returns>The body of a successful answer.</returns>
    public async Task<byte[]> SendAsync(GitHubScope scope, HttpMethod method, string url, string token, byte[]? body, CancellationToken cancel)
    {
        pauses.Check(scope);
        using var request = new HttpRequestMessage(method, url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        try
        {
            known.Ask(request, token);
            using var response = await client.SendAsync(request, cancel);
            Budget.Note(response, url);
            if (response.Headers.Date is { } date)
                Ahead = date - DateTimeOffset.UtcNow;
            var bytes = known.Take(request, token, response, await response.Content.ReadAsByteArrayAsync(cancel));
            if (response.StatusCode == HttpStatusCode.NotModified || response.IsSuccessStatusCode)
                return bytes;
            var fault = GitHubAnswer.FaultOf(method, url, response, bytes);
            pauses.Note(scope, fault);
            throw fault;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            var seconds = client.Timeout.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
            throw new GitHubFault(FaultKind.Unavailable, $"GitHub did not answer {method} {url} within {seconds} s.");
        }
        catch (HttpRequestException fault)
        {
            throw new GitHubFault(FaultKind.Unavailable, $"GitHub cannot be reached at {new Uri(url).Authority} ({(fault.InnerException ?? fault).Message}).", null, fault);
        }
    }

    public void Dispose() => client.Dispose();
}
