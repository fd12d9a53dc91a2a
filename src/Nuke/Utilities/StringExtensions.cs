#nullable disable
namespace Nuke.Common.Utilities;

/// <summary>The helpers for text that builds are used to.</summary>
public static class StringExtensions
{
    public static bool IsNullOrEmpty(this string text) => string.IsNullOrEmpty(text);

    public static bool IsNullOrWhiteSpace(this string text) => string.IsNullOrWhiteSpace(text);

    /// <summary>Throws when the first text is null.</summary>
    public static bool EqualsOrdinalIgnoreCase(this string text, string other) => text.NotNull().Equals(other, StringComparison.OrdinalIgnoreCase);

    public static bool ContainsOrdinalIgnoreCase(this string text, string other) => text.Contains(other, StringComparison.OrdinalIgnoreCase);

    public static bool StartsWithOrdinalIgnoreCase(this string text, string other) => text.StartsWith(other, StringComparison.OrdinalIgnoreCase);

    public static bool EndsWithOrdinalIgnoreCase(this string text, string other) => text.EndsWith(other, StringComparison.OrdinalIgnoreCase);

    public static string Join(this IEnumerable<string> texts, string separator) => string.Join(separator, texts);

    public static string JoinSpace(this IEnumerable<string> texts) => texts.Join(" ");

    public static string JoinComma(this IEnumerable<string> texts) => texts.Join(",");

    public static string JoinCommaSpace(this IEnumerable<string> texts) => texts.Join(", ");

    public static string JoinNewLine(this IEnumerable<string> texts) => texts.Join(Environment.NewLine);

    public static string SingleQuote(this string text) => $"'{text.Replace("'", "\\'", StringComparison.Ordinal)}'";

    public static string DoubleQuote(this string text) => $"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    public static string DoubleQuoteIfNeeded(this string text) => text.Length == 0 || text.Contains(' ', StringComparison.Ordinal) ? text.DoubleQuote() : text;

    public static string[] SplitLineBreaks(this string text) => text.Split(["\r\n", "\n"], StringSplitOptions.None);
}
