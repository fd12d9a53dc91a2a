using RunnerBuild.Verifying;
using Spectre.Console;

namespace RunnerBuild.Terminal;

/// <summary>Verify's table for people.</summary>
internal static class CheckTable
{
    public static void Write(TextWriter output, IEnumerable<Check> checks, bool color)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output), Ansi = color ? AnsiSupport.Detect : AnsiSupport.No, ColorSystem = color ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        });
        if (!color)
            console.Profile.Width = 160;
        var table = new Table().Border(TableBorder.Simple).AddColumns("", "Host", "What", "Seen");
        foreach (var check in checks)
        {
            var (sign, style) = check.Verdict switch { Verdict.Good => ("ok", "green"), Verdict.Bad => ("BAD", "red"), _ => ("?", "yellow") };
            table.AddRow(
                new Text(sign, Style.Parse(style)), new Text(check.Host ?? ""), new Text(check.Subject), new Text(Redaction.Mask(check.Detail)));
        }

        console.Write(table);
    }
}
