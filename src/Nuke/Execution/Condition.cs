namespace Nuke.Common.Execution;

/// <summary>A condition of a target with its source text, the arrow of its lambda cut off.</summary>
internal sealed record Condition(Func<bool> Holds, string Text)
{
    public static Condition Of(Func<bool> holds, string? source) => new(holds, BodyOf(source ?? "condition"));

    public static string BodyOf(string source)
    {
        var text = source.TrimStart('(').Trim().TrimStart(')').Trim();
        return text.StartsWith("=>", StringComparison.Ordinal) ? text[2..].Trim() : source;
    }
}
