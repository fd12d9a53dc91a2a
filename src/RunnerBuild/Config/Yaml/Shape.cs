using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace RunnerBuild.Config.Yaml;

/// <summary>What a value may look like: reads one, or reports what it should be; and describes itself to editors as JSON schema.</summary>
internal abstract class Shape<T>
{
    /// <summary>False when a problem was reported.</summary>
    public abstract bool TryRead(Place at, [MaybeNullWhen(false)] out T value);

    public abstract JsonObject Describe(Definitions definitions);

    /// <summary>The same values, as something else.</summary>
    public Shape<TOther> As<TOther>(Func<T, Place, TOther> convert) =>
        new Converted<T, TOther>(this, (T from, Place at, out TOther to) => { to = convert(from, at); return true; });

    /// <summary>The same values, as something else that some of them cannot become; <paramref name="convert"/> reports which.</summary>
    public Shape<TOther> As<TOther>(Conversion<T, TOther> convert) => new Converted<T, TOther>(this, convert);

    /// <summary>A mistake that is made often enough for words of its own.</summary>
    public Shape<T> Unless(Predicate<string> mistaken, string text) => new Guarded<T>(this, mistaken, text);
}

internal delegate bool Conversion<in TFrom, TTo>(TFrom from, Place at, out TTo to);

internal sealed class Converted<TFrom, T>(Shape<TFrom> inner, Conversion<TFrom, T> convert) : Shape<T>
{
    public override bool TryRead(Place at, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        return inner.TryRead(at, out var from) && convert(from, at, out value);
    }

    public override JsonObject Describe(Definitions definitions) => inner.Describe(definitions);
}

internal sealed class Guarded<T>(Shape<T> inner, Predicate<string> mistaken, string text) : Shape<T>
{
    public override bool TryRead(Place at, [MaybeNullWhen(false)] out T value)
    {
        if (at.Node is not Node.Scalar { IsEmpty: false } scalar || !mistaken(scalar.Value))
            return inner.TryRead(at, out value);

        at.Say($"is {scalar.Seen}: {text}");
        value = default;
        return false;
    }

    public override JsonObject Describe(Definitions definitions) => inner.Describe(definitions);
}
