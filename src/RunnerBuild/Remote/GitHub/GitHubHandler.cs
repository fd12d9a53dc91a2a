using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace RunnerBuild.Remote.GitHub;

/// <summary>
/// Everything that goes to GitHub goes through here, below Octokit: deadlines on each try, its limits kept by all calls together, answers asked for only when
/// they are new, and short troubles outlived where asking twice does no harm.
/// </summary>
/// <param name="deadline">Of each try; null: half a minute. An archive has six times that.</param>
internal sealed class GitHubHandler(HttpMessageHandler wire, TimeProvider time, TimeSpan? deadline = null) : DelegatingHandler(wire)
{
    private const int Tries = 4;

    /// <summary>How long a limit is waited out; what lasts longer is for a person to decide.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TimeSpan _deadline = deadline ?? TimeSpan.FromSeconds(30);
    private readonly KnownAnswers _known = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _closedUntil = new();

    /// <summary>The one that all of this process' calls share.</summary>
    public static GitHubHandler Shared { get; } = new(
        new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.All, ConnectTimeout = TimeSpan.FromSeconds(10), PooledConnectionLifetime = TimeSpan.FromMinutes(5), MaxConnectionsPerServer = 8,
            // Octokit follows redirections itself, without the credential.
            AllowAutoRedirect = false,
        },
        TimeProvider.System);

    /// <summary>Told a line when a call has to wait.</summary>
    public Action<string>? Told { get; set; }

    /// <summary>How far each server's clock is ahead of this machine's.</summary>
    public ConcurrentDictionary<string, TimeSpan> Ahead { get; } = new();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation("X-GitHub-Api-Version", "2022-11-28");
        if (request.Method == HttpMethod.Get)
            _known.Ask(request);
        if (request.Content is not null)
            await request.Content.LoadIntoBufferAsync(cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            await PassGateAsync(request, cancellationToken);
            var response = await TryAsync(request, attempt, cancellationToken);
            if (response is not null)
                return response;
        }
    }

    /// <summary>Null: to be tried again.</summary>
    private async Task<HttpResponseMessage?> TryAsync(HttpRequestMessage request, int attempt, CancellationToken cancel)
    {
        try
        {
            var response = await AskAsync(request, cancel);
            if (await LimitAsync(response, cancel) is { } wait)
            {
                Close(request, response, wait, last: attempt == Tries);
                return null;
            }
            if ((int)response.StatusCode >= 500 && IsHarmless(request) && attempt < Tries)
            {
                await PauseAsync(attempt, cancel);
                return null;
            }
            return request.Method == HttpMethod.Get ? await _known.TakeAsync(request, response, cancel) : response;
        }
        catch (Exception fault) when (GitHubApi.IsNoAnswer(fault, cancel) && attempt < Tries && (IsHarmless(request) || fault is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError }))
        {
            await PauseAsync(attempt, cancel);
            return null;
        }
    }

    /// <summary>One try, with the whole body: an answer that breaks off is none.</summary>
    private async Task<HttpResponseMessage> AskAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var deadline = IsArchive(request) ? _deadline * 6 : _deadline;
        limit.CancelAfter(deadline);
        try
        {
            var response = await base.SendAsync(request, limit.Token);
            await response.Content.LoadIntoBufferAsync(limit.Token);
            if (response.Headers.Date is { } date)
                Ahead[request.RequestUri!.Authority] = date - time.GetUtcNow();
            return response;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new HttpRequestException(HttpRequestError.Unknown, $"no answer to {request.Method} {request.RequestUri!.AbsolutePath} within {deadline.TotalSeconds:0} s");
        }
        catch (IOException fault)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, $"the answer to {request.Method} {request.RequestUri!.AbsolutePath} broke off: {fault.Message}", fault);
        }
    }

    private async Task<TimeSpan?> LimitAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        if (response.StatusCode is not (HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests))
            return null;
        return RateLimit.WaitOf(response, MessageIn(await response.Content.ReadAsStringAsync(cancel)), time.GetUtcNow());
    }

    /// <summary>All calls to this server wait now; when that would be too long, a person has to.</summary>
    private void Close(HttpRequestMessage request, HttpResponseMessage response, TimeSpan wait, bool last)
    {
        if (last || wait > Patience)
            throw new RunnerBuildException(
                "GitHub limits the rate of calls.", $"{(int)response.StatusCode} to {request.Method} {request.RequestUri!.AbsolutePath}; more are allowed in {Math.Ceiling(wait.TotalMinutes):0} minutes, at {time.GetUtcNow() + wait:HH:mm} UTC.",
                "Run the same target again then. `./build.sh Doctor` shows the budget; a GitHub App has one of its own.");
        var until = time.GetUtcNow() + wait;
        _closedUntil.AddOrUpdate(request.RequestUri!.Authority, until, (_, other) => other > until ? other : until);
        Told?.Invoke($"GitHub limits the rate of calls; going on in {wait.TotalSeconds:0} s");
    }

    private async Task PassGateAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        while (_closedUntil.TryGetValue(request.RequestUri!.Authority, out var until) && until - time.GetUtcNow() is { } left && left > TimeSpan.Zero)
            await Task.Delay(left, time, cancel);
    }

    private Task PauseAsync(int attempt, CancellationToken cancel) =>
        Task.Delay(TimeSpan.FromSeconds((1 << (attempt - 1)) * (1 + Random.Shared.NextDouble() / 2)), time, cancel);

    /// <summary>Asked twice it does what it does once.</summary>
    private static bool IsHarmless(HttpRequestMessage request) => request.Method == HttpMethod.Get || request.Method == HttpMethod.Delete || request.Method == HttpMethod.Head;

    /// <summary>Megabytes, from a server that gives some of its callers kilobytes a second.</summary>
    private static bool IsArchive(HttpRequestMessage request) =>
        request.RequestUri!.AbsolutePath is var path && (path.Contains("/tarball/", StringComparison.Ordinal) || path.Contains("/legacy.tar.gz/", StringComparison.Ordinal));

    private static string MessageIn(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.TryGetProperty("message", out var message) ? message.ToString() : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }
}
