using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace RunnerBuild.Config.Yaml;

internal delegate bool Parse<T>(string text, out T value);

/// <summary>A single value.</summary>
/// <param name="expectation">`a whole number from 0 to 100`.</param>
/// <param name="quotable">Whether it means the same in quotes: text does, numbers do not.</param>
/// <param name="schema">Its JSON schema, in JSON.</param>
internal sealed class Scalar<T>(string expectation, Parse<T> parse, string schema, bool quotable = true) : Shape<T>
{
    public override bool TryRead(Place at, [MaybeNullWhen(false)] out T value)
    {
        if (at.Node is Node.Scalar { IsNull: false } scalar && (scalar.Plain || quotable) && parse(scalar.Value, out value))
            return true;

        at.Should($"be {expectation}");
        value = default;
        return false;
    }

    public override JsonObject Describe(Definitions definitions) => JsonNode.Parse(schema)!.AsObject();
}
