using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Lab.GitHub;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Lab.Tests.GitHub;

/// <summary>The double on a free loopback port, in a folder of its own.</summary>
internal sealed class DoubleServer : IAsyncDisposable
{
    public const string AdminToken = "ghp_admin";

    private readonly WebApplication _web;

    private readonly OpenApiCheck? _check;

    private DoubleServer(WebApplication web, GitHubDouble github, string url, string folder, OpenApiCheck? check) =>
        (_web, GitHub, Url, Folder, _check, Http) = (web, github, url, folder, check, Client(url, AdminToken));

    public GitHubDouble GitHub { get; }
    public string Url { get; }
    public string Folder { get; }

    /// <summary>Calls the REST API with all rights.</summary>
    public HttpClient Http { get; }

    public static async Task<DoubleServer> StartAsync(
        TimeProvider? time = null, Func<GitHubOptions, GitHubOptions>? with = null, string? folder = null, int? port = null, string? also = null)
    {
        folder ??= Directory.CreateTempSubdirectory("github-double-").FullName;
        var url = $"http://127.0.0.1:{port ?? FreePort()}";
        var options = new GitHubOptions
        {
            PublicUrl = url,
            StateFile = Path.Combine(folder, "github.json"),
            WorkflowsDirectory = Path.Combine(folder, "workflows"),
            ReleasesDirectory = Path.Combine(folder, "releases"),
            Tokens = [new(AdminToken, "admin", AccessToken.Everything)],
        };
        var github = new GitHubDouble(with?.Invoke(options) ?? options, time ?? TimeProvider.System);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var web = builder.Build();
        web.Urls.Add(url);
        if (also is not null)
            web.Urls.Add(also);
        var check = OpenApi.OfTestRun is { } description ? new OpenApiCheck(description) : null;
        if (check is not null)
            web.Use(check.WatchAsync);
        github.Map(web);
        await web.StartAsync();
        return new(web, github, url, folder, check);
    }

    public static HttpClient Client(string url, string? token)
    {
        var client = new HttpClient { BaseAddress = new($"{url}/api/v3/") };
        client.DefaultRequestHeaders.UserAgent.Add(new("tests", "1"));
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public HttpClient As(string? token) => Client(Url, token);

    /// <summary>The `encoded_jit_config` of a new registration.</summary>
    public async Task<string> MintAsync(string name, string[]? labels = null, string scope = "orgs/acme")
    {
        var answer = await Http.PostAsJsonAsync(
            $"{scope}/actions/runners/generate-jitconfig", new { name, runner_group_id = 1, labels = labels ?? ["self-hosted", "linux"] });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await JsonAsync(answer)).GetProperty("encoded_jit_config").GetString()!;
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;

    public async Task<JsonElement> GetAsync(string path) => await JsonAsync(await Http.GetAsync(path));

    public Task<Job> JobAsync(long id) => GitHub.WaitForJobAsync(id, new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);

    /// <summary>Waits, at most 30 seconds, until it is so.</summary>
    public static async Task UntilAsync(Func<bool> so, string what)
    {
        for (var tries = 0; !so(); tries++)
        {
            tries.ShouldBeLessThan(300, what);
            await Task.Delay(100);
        }
    }

    public int Port => new Uri(Url).Port;

    public async Task StopAsync()
    {
        await _web.StopAsync(new CancellationTokenSource(TimeSpan.FromMilliseconds(200)).Token);
        await _web.DisposeAsync();
        GitHub.Dispose();
        Http.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Folder, recursive: true);
        _check?.Problems.ShouldBeEmpty();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
