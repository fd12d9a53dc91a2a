using System.Text.RegularExpressions;

namespace Lab.GitHub.Workflows;

/// <summary>The expressions that a workflow may hold: the name of a value, such as `steps.build.outputs.tag`.</summary>
internal static partial class WorkflowExpression
{
    public static bool Known(string expression) => Path().IsMatch(expression);

    /// <summary>Text for a run's title: only inputs and a few of `github` are known before a runner has it.</summary>
    public static string Fill(string text, Dictionary<string, string> known) =>
        RunnerService.Tokens.Hole().Replace(text, hole => known.GetValueOrDefault(hole.Groups[1].Value.Trim(), ""));

    [GeneratedRegex(@"^(github|inputs|env|runner|job|steps)(\.[A-Za-z_][A-Za-z0-9_-]*)+$")]
    private static partial Regex Path();
}
