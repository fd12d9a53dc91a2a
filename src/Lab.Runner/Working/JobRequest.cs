using System.Text.Json.Nodes;
using Lab.Runner.Listening;

namespace Lab.Runner.Working;

/// <summary>The parts of a job message that a worker needs, secrets included.</summary>
internal sealed class JobRequest(RunningJob job)
{
    public JsonObject Message => job.Message;

    public RunningJob Job => job;

    public JsonObject[] Steps { get; } = [.. (job.Message["steps"] as JsonArray ?? []).OfType<JsonObject>()];

    public string? Variable(string name) => job.Message["variables"]?[name]?["value"]?.ToString();

    public Uri? ResultsEndpoint => Variable("system.github.results_endpoint") is { Length: > 0 } url ? new(url) : null;

    public IEnumerable<string> Secrets()
    {
        yield return job.Token;
        foreach (var (_, variable) in job.Message["variables"] as JsonObject ?? [])
            if (variable is JsonObject known && known["isSecret"]?.ToString() == "true" && known["value"]?.ToString() is { Length: > 0 } value)
                yield return value;
    }

    /// <summary>The values that expressions and steps see of the message.</summary>
    public Contexts Contexts()
    {
        var contexts = new Contexts();
        foreach (var (name, data) in job.Message["contextData"] as JsonObject ?? [])
            if (TemplateToken.Data(data) is JsonObject value)
                contexts[name] = value;
        if (Variable("system.github.token") is { } token)
            contexts["github"]["token"] = token;
        return contexts;
    }
}
