using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Supervisor.Docker;

namespace Supervisor.Jobs.Socket;

/// <summary>Answers one request of a job: lets it pass to the engine, changed where the job's rules say so, and notes what it makes.</summary>
internal sealed class Conversation(JobPlace job, ContainerRules rules, EngineInventory engine, Ledger ledger, string engineSocket, Func<Task> bringExternals)
{
    // For what has to be noted even when the job's side has gone away.
    private static readonly TimeSpan noting = TimeSpan.FromSeconds(30);

    // A swarm and the engine's plugins are the whole host's, and nothing would take them away after the job.
    private static readonly string[] ofTheHost = ["/swarm", "/nodes", "/services", "/tasks", "/secrets", "/configs", "/plugins"];
    private static readonly string[] networksOfTheEngine = ["bridge", "host", "none"];

    public async Task AnswerAsync(Stream client, CancellationToken cancel)
    {
        var reader = new RequestReader(client);
        if (await reader.HeadAsync(cancel) is not { } head)
            return;
        try
        {
            await RouteAsync(head, reader, client, cancel);
        }
        catch (RefusedRequest refused)
        {
            await SayAsync(client, refused.Status, new JsonObject { ["message"] = refused.Message }, cancel);
        }
        catch (Exception fault) when (fault is DockerFault or JsonException or FormatException or InvalidOperationException or InvalidDataException)
        {
            await SayAsync(client, 502, new JsonObject { ["message"] = $"runnerbuild: {fault.Message}" }, cancel);
        }
    }

    private Task RouteAsync(RequestHead head, RequestReader reader, Stream client, CancellationToken cancel) => (head.Method, head.Path) switch
    {
        (_, var path) when ofTheHost.Any(root => path == root || path.StartsWith(root + "/", StringComparison.Ordinal)) =>
            RefuseAsync(head, reader, cancel),
        ("POST", "/containers/create") => CreateContainerAsync(head, reader, client, cancel),
        ("GET", "/networks") => ListNetworksAsync(head, client, cancel),
        ("POST", "/networks/create" or "/volumes/create") => LabelAsync(head, reader, client, cancel),
        ("GET", "/containers/json" or "/volumes") or ("POST", "/containers/prune" or "/volumes/prune" or "/networks/prune") =>
            PassAsync(head.With("filters", ListFilter.Narrowed(head.Parameter("filters"), job.Runner)), reader, client, cancel),
        // Whose they are is only known at the end, when the job's go anyway.
        ("POST", "/images/prune") => SayAsync(client, 200, new JsonObject { ["ImagesDeleted"] = null, ["SpaceReclaimed"] = 0 }, cancel),
        ("POST", "/build/prune") => SayAsync(client, 200, new JsonObject { ["CachesDeleted"] = null, ["SpaceReclaimed"] = 0 }, cancel),
        ("DELETE", var path) when path.StartsWith("/images/", StringComparison.Ordinal) => RemoveImageAsync(head, reader, client, cancel),
        ("POST", "/build") => WatchAsync(rules.CgroupParent is { } parent ? head.With("cgroupparent", parent) : head, true, reader, client, cancel),
        ("POST", "/grpc") => WatchAsync(head, true, reader, client, cancel),
        ("POST", "/images/create" or "/images/load" or "/commit") => WatchAsync(head, false, reader, client, cancel),
        ("POST", var path) when path.StartsWith("/images/", StringComparison.Ordinal) && path.EndsWith("/tag", StringComparison.Ordinal) =>
            WatchAsync(head, false, reader, client, cancel),
        _ => PassAsync(head, reader, client, cancel),
    };

    // All of the request is read: closing a socket with something unread would take the answer back.
    private static async Task RefuseAsync(RequestHead head, RequestReader reader, CancellationToken cancel)
    {
        await reader.BodyAsync(head, cancel);
        throw new RefusedRequest(403, $"{head.Path.Split('/')[1]} is this host's, so jobs may not use it. A pool with docker: dind gives each job an engine of its own.");
    }

    private async Task PassAsync(RequestHead head, RequestReader reader, Stream client, CancellationToken cancel, Action<ReadOnlySpan<byte>>? seen = null)
    {
        await using var relay = await Relay.ConnectAsync(client, engineSocket, cancel);
        await relay.RunAsync((byte[])[.. head.ToBytes(null), .. reader.Rest.Span], seen, cancel);
    }

    private async Task WatchAsync(RequestHead head, bool builds, RequestReader reader, Stream client, CancellationToken cancel)
    {
        var evidence = new ImageEvidence(NamesIn(head));
        if (builds)
            await ledger.NoteBuilderAsync(job.Runner, cancel);
        var before = await ledger.LookAsync(cancel);
        try
        {
            await PassAsync(head, reader, client, cancel, evidence.See);
        }
        finally
        {
            using var limit = new CancellationTokenSource(noting);
            await ledger.NoteAsync(job.Runner, before, evidence, limit.Token);
        }
    }

    private async Task CreateContainerAsync(RequestHead head, RequestReader reader, Stream client, CancellationToken cancel)
    {
        var request = rules.Apply(await ObjectAsync(head, reader, client, cancel));
        if (request.NeedsExternals)
            await bringExternals();
        foreach (var volume in request.Volumes)
            await engine.CreateVolumeAsync(volume, JobLabels.Job, job.Runner, cancel);
        await ledger.ShareAsync(job.Runner, request.Image, cancel);

        var answer = await AskAsync(head, Encoding.UTF8.GetBytes(request.Body.ToJsonString()), client, cancel);
        // Noted before the job hears of its container, so that it cannot be gone by then.
        if (ContainerIn(answer) is { } container)
            await ledger.NoteVolumesAsync(job.Runner, await engine.AnonymousVolumesAsync(container, cancel), cancel);
        await client.WriteAsync(answer, cancel);
    }

    private async Task LabelAsync(RequestHead head, RequestReader reader, Stream client, CancellationToken cancel)
    {
        var body = await ObjectAsync(head, reader, client, cancel);
        ContainerRules.Label(body, job.Runner);
        await client.WriteAsync(await AskAsync(head, Encoding.UTF8.GetBytes(body.ToJsonString()), client, cancel), cancel);
    }

    // The engine's filters cannot say "this label, or one of these names".
    private async Task ListNetworksAsync(RequestHead head, Stream client, CancellationToken cancel)
    {
        var shown = new JsonArray();
        foreach (var network in await engine.NetworkNodesAsync(head.Parameter("filters"), cancel))
        {
            if (networksOfTheEngine.Contains(network["Name"]?.GetValue<string>()) || network["Labels"]?[JobLabels.Job]?.GetValue<string>() == job.Runner)
                shown.Add(network.DeepClone());
        }
        await SayAsync(client, 200, shown, cancel);
    }

    private async Task RemoveImageAsync(RequestHead head, RequestReader reader, Stream client, CancellationToken cancel)
    {
        var reference = Uri.UnescapeDataString(head.Path["/images/".Length..]);
        if (!await ledger.IsOwnAsync(job.Runner, reference, cancel))
            throw new RefusedRequest(409, $"{reference} is this host's or another job's too, so it stays. What only this job made goes at its end.");
        await PassAsync(head, reader, client, cancel);
    }

    private async Task<byte[]> AskAsync(RequestHead head, byte[] body, Stream client, CancellationToken cancel)
    {
        await using var relay = await Relay.ConnectAsync(client, engineSocket, cancel);
        await relay.Engine.WriteAsync((byte[])[.. head.ToBytes(body.Length), .. body], cancel);
        using var answer = new MemoryStream();
        await relay.Engine.CopyToAsync(answer, cancel);
        return answer.ToArray();
    }

    private static async Task<JsonObject> ObjectAsync(RequestHead head, RequestReader reader, Stream client, CancellationToken cancel)
    {
        if (head.Header("Expect") is not null)
            await client.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), cancel);
        return JsonNode.Parse(await reader.BodyAsync(head, cancel)) as JsonObject ?? throw new InvalidDataException("The request's body should be a JSON object.");
    }

    private static string? ContainerIn(byte[] answer)
    {
        var text = Encoding.UTF8.GetString(answer);
        var id = text.IndexOf("\"Id\":\"", StringComparison.Ordinal);
        return text.StartsWith("HTTP/1.1 201", StringComparison.Ordinal) && id > 0 && text.Length > id + 70 ? text.Substring(id + 6, 64) : null;
    }

    private static IEnumerable<string> NamesIn(RequestHead head)
    {
        foreach (var (key, value) in head.Query.Where(pair => pair.Value.Length > 0))
        {
            if (key == "t")
                yield return value;
            else if (key is "fromImage" or "repo" && head.Parameter("tag") is var tag)
                yield return string.IsNullOrEmpty(tag) ? value : tag.StartsWith("sha256:", StringComparison.Ordinal) ? $"{value}@{tag}" : $"{value}:{tag}";
        }
    }

    private static async Task SayAsync(Stream client, int status, JsonNode body, CancellationToken cancel)
    {
        var text = body.ToJsonString();
        await client.WriteAsync(Encoding.UTF8.GetBytes(
            $"HTTP/1.1 {status} {(status == 200 ? "OK" : "Refused")}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(text)}\r\nConnection: close\r\n\r\n{text}"), cancel);
    }
}
