using System.Text.Json.Nodes;

namespace Supervisor.Jobs.Socket;

/// <summary>Lists and prunes that are narrowed to what the job itself made.</summary>
internal static class ListFilter
{
    /// <param name="filters">As the client sent it: <c>{"label":["a=b"]}</c> or, from older ones, <c>{"label":{"a=b":true}}</c>.</param>
    public static string Narrowed(string? filters, string runner)
    {
        var all = (string.IsNullOrEmpty(filters) ? null : JsonNode.Parse(filters)) as JsonObject ?? [];
        var wanted = $"{JobLabels.Job}={runner}";
        if (all["label"] is JsonObject old)
            old[wanted] = true;
        else if (all["label"] is JsonArray labels)
            labels.Add((JsonNode)JsonValue.Create(wanted));
        else if (all.All(pair => pair.Value is JsonObject) && all.Count > 0)
            all["label"] = new JsonObject { [wanted] = true };
        else
            all["label"] = new JsonArray(JsonValue.Create(wanted));
        return all.ToJsonString();
    }
}
