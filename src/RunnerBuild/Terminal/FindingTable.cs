using RunnerBuild.Diagnosing;
using Spectre.Console;

namespace RunnerBuild.Terminal;

/// <summary>Doctor's table for people: what was looked at, and below it a line for each thing that is to be set right.</summary>
internal static class FindingTable
{
    public static void Write(TextWriter output, IReadOnlyList<GitHubFinding> findings, bool color)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output), Ansi = color ? AnsiSupport.Detect : AnsiSupport.No, ColorSystem = color ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        });
        if (!color)
            console.Profile.Width = 200;
        var table = new Table().Border(TableBorder.Simple).AddColumns("", "What", "Seen");
        foreach (var finding in findings)
        {
            var (sign, style) = finding.Level switch { GitHubFindingLevel.Ok => ("ok", "green"), GitHubFindingLevel.Bad => ("BAD", "red"), _ => ("!", "yellow") };
            table.AddRow(new Text(sign, Style.Parse(style)), new Text(finding.Subject), new Text(Redaction.Mask(finding.What)));
        }

        console.Write(table);
        foreach (var finding in findings.Where(finding => finding.Fix is not null))
            output.WriteLine(Redaction.Mask($"  {finding.Subject}: {finding.Fix}"));
    }
}
