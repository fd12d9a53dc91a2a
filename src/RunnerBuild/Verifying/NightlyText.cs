using System.Globalization;
using System.Text;

namespace RunnerBuild.Verifying;

/// <summary>A night's report as Markdown: for GitHub's issue, a job's summary, and people.</summary>
internal static class NightlyText
{
    // GitHub takes 65,536 characters for an issue.
    private const int Longest = 60_000;

    public static string Of(NightlyReport report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"**{(report.Good ? "Good" : "Not good")}**, {report.Began:yyyy-MM-dd HH:mm} to {report.Ended:HH:mm} UTC\n");
        foreach (var failure in report.Failures)
            text.Append(CultureInfo.InvariantCulture, $"\n### {failure.Target}: {Plain(failure.What)}\n\n{Fenced(failure.Why)}\n\n{Fenced(failure.Fix)}\n");
        if (report.Refresh is { } refresh)
            text.Append(CultureInfo.InvariantCulture, $"\n### Image\n\n{Plain(refresh.Sentence)}\n");
        foreach (var change in report.Refresh?.Changes ?? [])
            text.Append(CultureInfo.InvariantCulture, $"- {Plain($"{change}")}\n");
        if (report.Archives is { } archives)
            text.Append(CultureInfo.InvariantCulture, $"\n### Actions\n\n{Plain(archives)}\n");
        if (!report.Checks.IsEmpty)
            text.Append("\n### Checks\n\n| | Host | What | Seen |\n|---|---|---|---|\n");
        foreach (var check in report.Checks.OrderByDescending(check => check.Verdict == Verdict.Bad))
            text.Append(CultureInfo.InvariantCulture, $"| {Sign(check.Verdict)} | {Cell(check.Host ?? "")} | {Cell(check.Subject)} | {Cell(check.Detail)} |\n");
        var masked = Redaction.Mask(text.ToString());
        return masked.Length <= Longest ? masked : masked[..Longest] + "\n\n… the whole is in the report on the machine.\n";
    }

    private static string Sign(Verdict verdict) => verdict switch { Verdict.Good => "ok", Verdict.Bad => "**BAD**", _ => "?" };

    // What hosts and GitHub say must neither mention people nor be read as HTML.
    private static string Plain(string text) => text.Replace("<", "&lt;", StringComparison.Ordinal).Replace("@", "@\u200b", StringComparison.Ordinal);

    private static string Cell(string text) => Plain(text).Replace("|", "\\|", StringComparison.Ordinal).Replace("\n", "<br>", StringComparison.Ordinal);

    private static string Fenced(string text) => $"````\n{text.Replace("````", "''''", StringComparison.Ordinal)}\n````";
}
