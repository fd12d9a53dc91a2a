using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace RunnerBuild.Config.Yaml;

/// <summary>How many of a section's alternatives may be there.</summary>
internal enum Choice { Any, AtMostOne, ExactlyOne }

/// <summary>A mapping with known keys; any other key is a problem.</summary>
/// <param name="name">Its name among the schema's definitions.</param>
internal sealed class Section(string name, string description, params ImmutableArray<Key> keys) : Shape<Settings>
{
    /// <summary>Keys that exclude each other.</summary>
    public ImmutableArray<Key> Alternatives { get; init; } = [];

    public Choice Choice { get; init; }

    /// <summary>Whether keys that begin with `x-` are left alone; they are where anchors can be kept.</summary>
    public bool Extensible { get; init; }

    public ImmutableArray<Key> Keys => keys;

    public override bool TryRead(Place at, [MaybeNullWhen(false)] out Settings value)
    {
        value = null;
        if (at.Node is not Node.Map map)
        {
            // The value itself is not repeated: a secret may have been written where a reference to one belongs.
            var seen = at.Node is Node.Scalar { IsNull: false } ? "a single value" : at.Node.Seen;
            at.Say($"should be a mapping with {Listed(keys, "or")}, is {seen}");
            return false;
        }

        value = new Settings(at);
        foreach (var entry in at.Entries(map))
        {
            if (keys.FirstOrDefault(key => key.Name == entry.Key.Value) is { } key)
                Read(key, at.Below(key.Name, entry.Value), value);
            else if (!Extensible || !entry.Key.Value.StartsWith("x-", StringComparison.Ordinal))
                at.Below(entry.Key.Value, entry.Key).Say($"is not a key that belongs here; {Suggestion(entry.Key.Value)}");
        }
        foreach (var missing in keys.Where(key => key.Required).Except(value.Said))
            at.Say(missing.Name, $"is missing; it is needed here: {missing.Description}");
        CheckAlternatives(at, value);
        return true;
    }

    private static void Read(Key key, Place at, Settings settings)
    {
        if (at.Node is Node.Scalar { IsEmpty: true })
        {
            settings.Add(key, at, null);
            at.Say(key.Clearable ? "has no value; give it one, or write null for none" : "has no value; give it one, or remove the key");
        }
        else if (key.Clearable && at.Node is Node.Scalar { IsNull: true })
            settings.Add(key, at, null);
        else
            settings.Add(key, at, key.TryRead(at, out var value) ? value : null);
    }

    private string Suggestion(string unknown) => Nearest.To(unknown, keys.Select(key => key.Name)) is { } nearest
        ? $"did you mean '{nearest}'?"
        : $"known here: {string.Join(", ", keys.Select(key => key.Name))}";

    private void CheckAlternatives(Place at, Settings settings)
    {
        var said = Alternatives.Intersect(settings.Said).ToImmutableArray();
        if (Choice != Choice.Any && said.Length > 1)
            settings.PlaceOf(said[^1]).Say($"excludes {Listed(said[..^1], "and")}; say only one of {Listed(Alternatives, "and")}");
        if (Choice == Choice.ExactlyOne && said.Length == 0)
            at.Say($"should have {Listed(Alternatives, "or")}");
    }

    private static string Listed(ImmutableArray<Key> keys, string last) => keys.Length == 1
        ? keys[0].Name
        : $"{string.Join(", ", keys[..^1].Select(key => key.Name))} {last} {keys[^1].Name}";

    public override JsonObject Describe(Definitions definitions) => definitions.Refer(name, () => DescribeInFull(definitions));

    public JsonObject DescribeInFull(Definitions definitions)
    {
        var schema = new JsonObject { ["description"] = $"{description}.", ["type"] = "object", ["additionalProperties"] = false };
        if (Extensible)
            schema["patternProperties"] = new JsonObject { ["^x-"] = new JsonObject() };
        if (keys.Any(key => key.Required))
            schema["required"] = new JsonArray([.. keys.Where(key => key.Required).Select(key => JsonValue.Create(key.Name))]);
        if (Choice == Choice.ExactlyOne)
            schema["oneOf"] = new JsonArray([.. Alternatives.Select(key => new JsonObject { ["required"] = new JsonArray(key.Name) })]);
        schema["properties"] = new JsonObject(
            keys.Select(key => KeyValuePair.Create<string, JsonNode?>(key.Name, key.Describe(definitions))));
        return schema;
    }
}
