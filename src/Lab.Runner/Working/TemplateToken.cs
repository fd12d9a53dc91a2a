using System.Text.Json.Nodes;

namespace Lab.Runner.Working;

/// <summary>Reads template tokens (scalars, `{"type":n,…}`) and context data (`{"t":n,…}`) of a job message.</summary>
internal static class TemplateToken
{
    /// <summary>A token's text, with expressions evaluated; null for none.</summary>
    public static string? Text(JsonNode? token, Contexts contexts) => token switch
    {
        null => null,
        JsonValue value => value.ToString(),
        JsonObject o => (int?)o["type"] switch
        {
            0 => o["lit"]?.ToString(),
            3 => Expression.Text(Expression.Evaluate(o["expr"]?.ToString() ?? "", contexts)),
            5 => o["bool"]?.ToString(),
            6 => o["num"]?.ToString(),
            _ => null,
        },
        _ => null,
    };

    /// <summary>The entries of a mapping token; none when it is no mapping.</summary>
    public static IEnumerable<(string Key, string Value)> Mapping(JsonNode? token, Contexts contexts) =>
        Entries(token).Select(entry => (Text(entry["Key"], contexts) ?? "", Text(entry["Value"], contexts) ?? ""));

    /// <summary>Context data as plain JSON.</summary>
    public static JsonNode? Data(JsonNode? data) => data switch
    {
        JsonObject o when (int?)o["t"] is 0 => o["s"]?.DeepClone(),
        JsonObject o when (int?)o["t"] is 1 => new JsonArray([.. (o["a"] as JsonArray ?? []).Select(Data)]),
        JsonObject o when (int?)o["t"] is 2 or 5 => Dictionary(o["d"] as JsonArray ?? []),
        JsonObject o when (int?)o["t"] is 3 => o["b"]?.DeepClone(),
        JsonObject o when (int?)o["t"] is 4 => o["n"]?.DeepClone(),
        _ => data?.DeepClone(),
    };

    private static JsonObject Dictionary(JsonArray entries)
    {
        var result = new JsonObject();
        foreach (var entry in entries)
            result[entry?["k"]?.ToString() ?? ""] = Data(entry?["v"]);
        return result;
    }

    private static IEnumerable<JsonObject> Entries(JsonNode? token) => token switch
    {
        JsonObject o when o["map"] is JsonArray map => map.OfType<JsonObject>(),
        JsonArray several => several.SelectMany(Entries),
        _ => [],
    };
}
