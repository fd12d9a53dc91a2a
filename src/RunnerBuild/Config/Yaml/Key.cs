using System.Globalization;
using System.Text.Json.Nodes;

namespace RunnerBuild.Config.Yaml;

/// <summary>A key that a section may have.</summary>
/// <param name="Description">For editors and for the message that it is missing: a sentence without its full stop.</param>
internal abstract record Key(string Name, string Description)
{
    /// <summary>Whether the section must have it, whatever its defaults say.</summary>
    public bool Required { get; init; }

    /// <summary>Whether `null` may stand here: "as if no default said anything".</summary>
    public bool Clearable { get; init; }

    /// <summary>What holds when nobody says anything, as YAML.</summary>
    public string? Default { get; init; }

    public abstract bool TryRead(Place at, out object? value);

    protected abstract JsonObject Shape(Definitions definitions);

    public JsonObject Describe(Definitions definitions)
    {
        var schema = Shape(definitions);
        if (Clearable)
            schema = new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
        schema.Insert(0, "description", $"{Description}.");
        if (Default is not null)
            schema["default"] = Json(NodeComposer.Compose(Default)!);
        return schema;
    }

    private static JsonNode Json(Node node) => node switch
    {
        Node.List list => new JsonArray([.. list.Items.Select(Json)]),
        Node.Scalar { Plain: true, Value: "true" or "false" } flag => JsonValue.Create(flag.Value == "true"),
        Node.Scalar { Plain: true } number when int.TryParse(number.Value, CultureInfo.InvariantCulture, out var value) =>
            JsonValue.Create(value),
        Node.Scalar text => JsonValue.Create(text.Value),
        _ => new JsonObject(),
    };
}

internal sealed record Key<T>(string Name, string Description, Shape<T> Values) : Key(Name, Description)
{
    /// <summary>What <see cref="Key.Default"/> means; the type's own default without one.</summary>
    public T Otherwise(Reading reading) =>
        Default is not null && Values.TryRead(new Place(NodeComposer.Compose(Default)!, Name, reading), out var value) ? value : default!;

    public override bool TryRead(Place at, out object? value)
    {
        var read = Values.TryRead(at, out var typed);
        value = read ? typed : null;
        return read;
    }

    protected override JsonObject Shape(Definitions definitions) => Values.Describe(definitions);
}
