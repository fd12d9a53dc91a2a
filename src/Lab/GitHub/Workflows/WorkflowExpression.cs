using System.Text.RegularExpressions;

namespace Lab.GitHub.Workflows;

/// <summary>The expressions that a workflow may hold: names, literals, comparisons, `&amp;&amp;`, `||`, `!`, `format` and the status functions.</summary>
internal static partial class WorkflowExpression
{
    private static readonly string[] StatusFunctions = ["success", "failure", "always", "cancelled"];

    /// <summary>What of the expression the lab does not know; null when it knows all.</summary>
    public static string? Unknown(string expression)
    {
        List<string> tokens = [.. Lexer().Matches(expression).Select(match => match.Value).Where(token => !string.IsNullOrWhiteSpace(token))];
        return tokens.Where((token, at) => !Known(token, isCall: at + 1 < tokens.Count && tokens[at + 1] == "(")).FirstOrDefault();
    }

    /// <summary>An `if` as the runner wants it: what names no status function holds only while nothing has failed.</summary>
    public static string Condition(string text)
    {
        var bare = text.Trim();
        if (bare.StartsWith("${{", StringComparison.Ordinal) && bare.EndsWith("}}", StringComparison.Ordinal))
            bare = bare[3..^2].Trim();
        return StatusFunctions.Any(function => Regex.IsMatch(bare, $@"\b{function}\s*\(")) ? bare : $"success() && ({bare})";
    }

    /// <summary>Whether a job's condition is one that compares an input with a text.</summary>
    public static bool ComparesInput(string condition) => Comparison().IsMatch(condition);

    /// <summary>The same condition once the inputs are known: a comparison has become what it comes to.</summary>
    public static string Settle(string condition, Dictionary<string, string> known) => Comparison().Match(condition) is not { Success: true } found ? condition
        : known.GetValueOrDefault(found.Groups["input"].Value, "") == found.Groups["text"].Value == (found.Groups["sign"].Value == "==") ? "success()"
        : Never;

    /// <summary>What a job's comparison comes to that does not hold.</summary>
    public const string Never = "false";

    /// <summary>Text for a run's title: only inputs and a few of `github` are known before a runner has it.</summary>
    public static string Fill(string text, Dictionary<string, string> known) =>
        RunnerService.Tokens.Hole().Replace(text, hole => known.GetValueOrDefault(hole.Groups[1].Value.Trim(), ""));

    private static bool Known(string token, bool isCall) => isCall && char.IsLetter(token[0])
        ? token == "format" || StatusFunctions.Contains(token)
        : token is "||" or "&&" or "==" or "!=" or "!" or "(" or ")" or "," or "true" or "false" or "null" || token[0] == '\'' || char.IsDigit(token[0]) || token[0] == '-' || Path().IsMatch(token);

    [GeneratedRegex(@"^(github|inputs|env|runner|job|steps)(\.[A-Za-z_][A-Za-z0-9_-]*)+$")]
    private static partial Regex Path();

    [GeneratedRegex(@"^success\(\) && \((?<input>inputs\.[A-Za-z_][\w-]*)\s*(?<sign>==|!=)\s*'(?<text>[^']*)'\)$")]
    private static partial Regex Comparison();

    [GeneratedRegex(@"'(?:[^']|'')*'|\|\||&&|==|!=|[!(),]|-?\d+(?:\.\d+)?|[A-Za-z_][\w.-]*|\s+|.", RegexOptions.Singleline)]
    private static partial Regex Lexer();
}
