using System.Text.Json.Nodes;

namespace Lab.Runner.Working;

/// <summary>What expressions can name: `github`, `inputs`, `env`, `runner`, `job`, `steps`; names in any case.</summary>
internal sealed class Contexts
{
    private readonly Dictionary<string, JsonNode?> _roots = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>`success`, `failure` or `cancelled`: what `success()` and its like answer from.</summary>
    public string JobStatus { get; set; } = "success";

    public JsonObject this[string root]
    {
        get
        {
            if (!_roots.TryGetValue(root, out var value) || value is not JsonObject found)
                _roots[root] = found = [];
            return found;
        }
        set => _roots[root] = value;
    }

    public JsonNode? Find(IEnumerable<string> path)
    {
        JsonNode? at = null;
        var first = true;
        foreach (var name in path)
        {
            at = first ? _roots.GetValueOrDefault(name) : (at as JsonObject)?.FirstOrDefault(p => p.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
            first = false;
        }
        return at;
    }
}
