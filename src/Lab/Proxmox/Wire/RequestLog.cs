using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lab.Proxmox.Wire;

/// <summary>One request that was let in, with its secrets masked.</summary>
internal sealed record LoggedRequest(
    [property: JsonPropertyName("method")] string Method,
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("params")] IReadOnlyDictionary<string, object> Parameters
)
{
    public bool IsWrite => Method != "GET";
}

/// <summary>The last requests in memory, and all of them in a file when one is named: one JSON object a line.</summary>
internal sealed class RequestLog(string? file)
{
    private const int Kept = 2000;
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly ImmutableHashSet<string> Secrets = ["password", "cipassword", "tfa-challenge", "otp"];
    private readonly Queue<LoggedRequest> _requests = new();
    private readonly Lock _lock = new();

    public ImmutableArray<LoggedRequest> Requests
    {
        get
        {
            lock (_lock)
                return [.. _requests];
        }
    }

    public void Add(IncomingRequest request)
    {
        var logged = new LoggedRequest(
            request.Method,
            request.Path,
            request.Parameters.ToDictionary(
                parameter => parameter.Key,
                parameter => Secrets.Contains(parameter.Key) ? "***" : parameter.Value
            )
        );
        lock (_lock)
        {
            _requests.Enqueue(logged);
            if (_requests.Count > Kept)
                _requests.Dequeue();
            if (file is not null)
                File.AppendAllText(file, JsonSerializer.Serialize(logged, Json) + "\n");
        }
    }
}
