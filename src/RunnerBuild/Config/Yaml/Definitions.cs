using System.Text.Json.Nodes;

namespace RunnerBuild.Config.Yaml;

/// <summary>The parts of a JSON schema that are used in several places, each described once.</summary>
internal sealed class Definitions
{
    private readonly SortedDictionary<string, JsonObject> _described = new(StringComparer.Ordinal);

    public JsonObject Refer(string name, Func<JsonObject> describe)
    {
        if (!_described.ContainsKey(name))
            _described[name] = describe();
        return new JsonObject { ["$ref"] = $"#/definitions/{name}" };
    }

    public JsonObject ToJson() => new(_described.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value)));
}
