using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Supervisor.Tests.Doubles;

/// <summary>GitHub's calls about runners over real HTTP, with its status codes. Faults can be switched on.</summary>
internal sealed class GitHubDouble : IDisposable
{
    private readonly HttpListener listener;
    private readonly Lock gate = new();
    private long nextId = 100;

    public GitHubDouble()
    {
        while (true)
        {
            var port = Ports.Free();
            Address = $"http://127.0.0.1:{port}/api/v3";
            // One that could not start is of no more use.
            listener = new HttpListener();
            listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                listener.Start();
                break;
            }
            catch (HttpListenerException)
            {
                // Somebody was faster.
            }
        }
        _ = ServeAsync();
    }

    public string Address { get; }
    public ConcurrentDictionary<long, Registration> Registrations { get; } = new();
    public ConcurrentQueue<string> RunnersEver { get; } = new();
    public ConcurrentQueue<Call> Calls { get; } = new();

    /// <summary>Answers instead of the double when it gives something.</summary>
    public Func<Call, Answer?> Fault { get; set; } = _ => null;

    /// <summary>The runner versions that GitHub knows, and until when it accepts each.</summary>
    public ConcurrentDictionary<string, DateTimeOffset?> VersionEnds { get; } = new();

    public IEnumerable<Call> Mints => Calls.Where(call => call.Path.EndsWith("generate-jitconfig", StringComparison.Ordinal));

    public void Dispose() => listener.Close();

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            try
            {
                var context = await listener.GetContextAsync();
                _ = Task.Run(() => HandleAsync(context));
            }
            catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task HandleAsync(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream);
        var call = new Call(
            context.Request.HttpMethod, context.Request.Url!.AbsolutePath["/api/v3".Length..], await reader.ReadToEndAsync(),
            context.Request.Headers["Authorization"] ?? "", context.Request.Headers["X-GitHub-Api-Version"] ?? "", context.Request.Url.Query, DateTimeOffset.UtcNow);
        Calls.Enqueue(call);
        Answer answer;
        lock (gate)
            answer = Fault(call) ?? AnswerTo(call);
        try
        {
            context.Response.StatusCode = answer.Status;
            foreach (var (name, value) in answer.Headers ?? [])
                context.Response.Headers[name] = value;
            if (answer.Body is not null)
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer.Body));
            context.Response.Close();
        }
        catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException)
        {
            // The caller went away, or the test is over.
        }
    }

    private Answer AnswerTo(Call call) => (call.Method, call.Path) switch
    {
        (_, _) when call.Authorization != "Bearer the-token" => new(401, """{"message":"Bad credentials"}"""),
        ("GET", var path) when path.EndsWith("/actions/runner-groups", StringComparison.Ordinal) =>
            new(200, """{"total_count":2,"runner_groups":[{"id":7,"name":"special","default":false},{"id":3,"name":"Default","default":true}]}"""),
        ("POST", var path) when path.EndsWith("/actions/runners/generate-jitconfig", StringComparison.Ordinal) => Mint(call),
        ("GET", var path) when path.StartsWith("/repos/", StringComparison.Ordinal) && path.EndsWith("/jobs", StringComparison.Ordinal) =>
            new(200, JsonSerializer.Serialize(new
            {
                total_count = Registrations.Count,
                jobs = RunnersEver.Select(runner => new { runner_name = runner, created_at = "2026-01-01T10:00:00Z", started_at = "2026-01-01T10:00:07Z" }),
            })),
        ("GET", var path) when path.EndsWith("/actions/runners", StringComparison.Ordinal) => List(),
        ("GET", var path) when path.Contains("/actions/runners/deprecations/", StringComparison.Ordinal) && VersionEnds.TryGetValue(path.Split('/')[^1], out var end) =>
            new(200, JsonSerializer.Serialize(new { runtime_deprecates_at = end })),
        ("DELETE", var path) => Delete(long.Parse(path.Split('/')[^1])),
        _ => new(404, """{"message":"Not Found"}"""),
    };

    private Answer Mint(Call call)
    {
        var asked = JsonNode.Parse(call.Body)!;
        var name = (string)asked["name"]!;
        if (Registrations.Values.Any(runner => runner.Name == name))
            return new(409, """{"message":"Already exists - A runner with the name already exists"}""");
        var id = nextId++;
        RunnersEver.Enqueue(name);
        Registrations[id] = new Registration(id, name, [.. asked["labels"]!.AsArray().Select(label => (string)label!)], (long)asked["runner_group_id"]!);
        return new(201, $$"""{"runner":{"id":{{id}},"name":"{{name}}"},"encoded_jit_config":"{{Blob(id, name)}}"}""");
    }

    public static string Blob(long id, string name)
    {
        static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

        return Base64(new JsonObject
        {
            [".runner"] = Base64($$"""{"AgentId":"{{id}}","AgentName":"{{name}}","Ephemeral":"True","WorkFolder":"_work"}"""),
            [".credentials"] = Base64($$$"""{"Scheme":"OAuth","Data":{"clientId":"jit-secret-{{{name}}}"}}"""),
            [".credentials_rsaparams"] = Base64("""{"d":"jit-secret"}"""),
        }.ToJsonString());
    }

    private Answer List() => new(200, JsonSerializer.Serialize(new
    {
        total_count = Registrations.Count,
        runners = Registrations.Values.Select(runner => new { id = runner.Id, name = runner.Name, status = runner.Online ? "online" : "offline", busy = runner.Busy }),
    }));

    private Answer Delete(long id)
    {
        if (!Registrations.TryGetValue(id, out var runner))
            return new(404, """{"message":"Not Found"}""");
        if (runner.Busy)
            return new(422, """{"message":"Runner is currently running a job and cannot be deleted."}""");
        Registrations.TryRemove(id, out _);
        return new(204);
    }
}

internal sealed record Call(string Method, string Path, string Body, string Authorization, string ApiVersion, string Query, DateTimeOffset At);

internal sealed record Answer(int Status, string? Body = null, Dictionary<string, string>? Headers = null);

internal sealed class Registration(long id, string name, string[] labels, long group)
{
    public long Id => id;
    public string Name => name;
    public string[] Labels => labels;
    public long Group => group;
    public bool Online { get; set; } = true;
    public bool Busy { get; set; }
}
