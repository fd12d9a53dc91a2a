using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace RunnerBuild.Config.Yaml;

/// <summary>The shapes of single values that are plain text, numbers, switches and choices.</summary>
internal static class Texts
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Any text that is not blank.</summary>
    public static Shape<string> Any { get; } = Loose("some text", @"\S");

    /// <summary>Whether a text is one line of a form.</summary>
    public static Predicate<string> Form([StringSyntax(StringSyntaxAttribute.Regex)] string pattern)
    {
        var regex = new Regex(pattern, RegexOptions.None, Patience);
        return text => !text.Contains('\n', StringComparison.Ordinal) && regex.IsMatch(text);
    }

    /// <param name="pattern">A regular expression that both .NET and JSON schema understand.</param>
    public static Shape<string> Like(string expectation, [StringSyntax(StringSyntaxAttribute.Regex)] string pattern) =>
        Matching(expectation, pattern, """["string"]""");

    /// <summary>As <see cref="Like"/>, where `7` or `true` are as good as text.</summary>
    public static Shape<string> Loose(string expectation, [StringSyntax(StringSyntaxAttribute.Regex)] string pattern) =>
        Matching(expectation, pattern, """["string", "number", "boolean"]""");

    /// <summary>Text that another parser reads.</summary>
    public static Shape<T> Parsed<T>(string expectation, Parse<T> parse) => new Scalar<T>(expectation, parse, """{ "type": "string" }""");

    public static Shape<int> Number(int least, int most) => new Scalar<int>(
        $"a whole number from {least} to {most}",
        (text, out value) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
            && value >= least && value <= most,
        $$"""{ "type": "integer", "minimum": {{least}}, "maximum": {{most}} }""",
        quotable: false);

    public static Shape<double> Fraction(double least, double most) => new Scalar<double>(
        string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"),
        (text, out value) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
            && value >= least && value <= most,
        string.Create(CultureInfo.InvariantCulture, $$"""{ "type": "number", "minimum": {{least}}, "maximum": {{most}} }"""),
        quotable: false);

    public static Shape<bool> Switch { get; } = new Scalar<bool>(
        "true or false",
        (text, out value) => (value = text == "true") || text == "false",
        """{ "type": "boolean" }""",
        quotable: false);

    public static Shape<T> OneOf<T>(params (string Word, T Value)[] choices) => new Scalar<T>(
        choices.Length == 1 ? choices[0].Word : $"{string.Join(", ", choices[..^1].Select(choice => choice.Word))} or {choices[^1].Word}",
        (text, out value) => choices.ToDictionary(choice => choice.Word, choice => choice.Value).TryGetValue(text, out value!),
        new JsonObject { ["enum"] = new JsonArray([.. choices.Select(choice => JsonValue.Create(choice.Word))]) }.ToJsonString());

    private static Scalar<string> Matching(string expectation, string pattern, string types)
    {
        var form = Form(pattern);
        return new Scalar<string>(
            expectation,
            (text, out value) => form(value = text),
            $$"""{ "type": {{types}}, "pattern": {{JsonSerializer.Serialize(pattern)}} }""");
    }
}
