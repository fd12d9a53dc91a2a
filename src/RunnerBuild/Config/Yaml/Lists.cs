using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace RunnerBuild.Config.Yaml;

/// <summary>Items of one shape, in order.</summary>
internal sealed class ListOf<T>(Shape<T> item, int least, int most) : Shape<ImmutableArray<T>>
{
    public override bool TryRead(Place at, [MaybeNullWhen(false)] out ImmutableArray<T> value)
    {
        value = [];
        if (at.Node is not Node.List list)
        {
            at.Should("be a list");
            return false;
        }
        if (list.Items.Length < least || list.Items.Length > most)
        {
            at.Say($"should have {least} to {most} items, has {list.Items.Length}");
            return false;
        }

        var items = ImmutableArray.CreateBuilder<T>();
        for (var index = 0; index < list.Items.Length; index++)
        {
            if (item.TryRead(at.Item(index, list.Items[index]), out var read))
                items.Add(read);
        }
        value = items.ToImmutable();
        return value.Length == list.Items.Length;
    }

    public override JsonObject Describe(Definitions definitions)
    {
        var schema = new JsonObject { ["type"] = "array", ["items"] = item.Describe(definitions), ["maxItems"] = most };
        if (least > 0)
            schema["minItems"] = least;
        return schema;
    }
}

/// <summary>One thing written as a single value, another written as a list or mapping.</summary>
internal sealed class Either<T>(Shape<T> single, Shape<T> structured) : Shape<T>
{
    public override bool TryRead(Place at, [MaybeNullWhen(false)] out T value) =>
        (at.Node is Node.Scalar ? single : structured).TryRead(at, out value);

    public override JsonObject Describe(Definitions definitions) =>
        new() { ["anyOf"] = new JsonArray(single.Describe(definitions), structured.Describe(definitions)) };
}

/// <summary>Values by a name that the file's author chooses.</summary>
/// <param name="names">A regular expression that every name fits.</param>
/// <param name="expectation">What a name should be, in words.</param>
internal sealed class MapOf<T>(string names, string expectation, Shape<T> item, int least, int most) : Shape<ImmutableArray<Named<T>>>
{
    private readonly Predicate<string> _isName = Texts.Form(names);

    public override bool TryRead(Place at, [MaybeNullWhen(false)] out ImmutableArray<Named<T>> value)
    {
        value = [];
        if (at.Node is not Node.Map map)
        {
            at.Should("be a mapping");
            return false;
        }

        var entries = at.Entries(map);
        if (entries.Count < least || entries.Count > most)
            at.Say($"should have {least} to {most} entries, has {entries.Count}");
        foreach (var entry in entries.Take(most))
        {
            if (!_isName(entry.Key.Value))
                at.Below(entry.Key.Value, entry.Key).Say($"the name should be {expectation}");
            if (item.TryRead(at.Below(entry.Key.Value, entry.Value), out var read))
                value = value.Add(new Named<T>(entry.Key.Value, read));
        }
        return value.Length == entries.Count;
    }

    public override JsonObject Describe(Definitions definitions)
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["propertyNames"] = new JsonObject { ["pattern"] = names },
            ["additionalProperties"] = item.Describe(definitions),
        };
        if (least > 0)
            schema["minProperties"] = least;
        return schema;
    }
}

internal sealed record Named<T>(string Name, T Value);
