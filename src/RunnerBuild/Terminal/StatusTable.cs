using System.Globalization;
using System.Text.Json;
using RunnerBuild.Facts;
using RunnerBuild.Operating;
using Spectre.Console;

namespace RunnerBuild.Terminal;

/// <summary>Status' table for people, and the same for programs.</summary>
internal static class StatusTable
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void Write(TextWriter output, IEnumerable<HostReport> reports, DateTimeOffset now, bool color)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output), Ansi = color ? AnsiSupport.Detect : AnsiSupport.No, ColorSystem = color ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        });
        if (!color)
            console.Profile.Width = 200;
        var table = new Table().Border(TableBorder.Simple).AddColumns("Host", "Slot", "Pool", "State", "For", "Runner", "Job", "Reason");
        foreach (var report in reports)
        {
            if (report.Problem is { } problem)
                table.AddRow(Cells([report.Host, "", "", report.Slots.IsEmpty ? "no answer" : "problem", "", "", "", problem], "red"));
            foreach (var slot in report.Slots)
                table.AddRow(Cells([report.Host, slot.Name, slot.Pool, StateOf(slot), For(slot, now), slot.Runner ?? "", slot.Job ?? "", slot.Reason ?? ""], ColorOf(slot)));
        }

        console.Write(table);
        foreach (var report in reports.Where(report => report.Mirror is not null))
            output.WriteLine($"{report.Host}  {report.Mirror}");
        foreach (var report in reports.Where(report => report.ActionArchives is not null))
            output.WriteLine($"{report.Host}  {report.ActionArchives}");
    }

    public static string Json(IEnumerable<HostReport> reports) => Redaction.Mask(JsonSerializer.Serialize(
        reports.Select(report => new
        {
            report.Host,
            report.Problem,
            report.Mirror,
            report.ActionArchives,
            Slots = report.Slots.Select(slot => new { slot.Name, slot.Pool, slot.State, slot.Since, slot.Runner, slot.Job, slot.Reason, slot.Drained, slot.Outdated, slot.Image, slot.Labels }),
        }),
        Readable));

    private static Text[] Cells(string[] texts, string style) => [.. texts.Select((text, column) => new Text(Redaction.Mask(text), column == 3 ? Style.Parse(style) : Style.Plain))];

    private static string StateOf(SlotStatus slot) =>
        $"{slot.State}{(slot.Drained && slot.State != "Empty" ? ", draining" : slot.Drained ? ", drained" : slot.Outdated ? ", to be replaced" : "")}";

    private static string ColorOf(SlotStatus slot) => slot switch
    {
        { State: "Parked" } => "red",
        { Drained: true } or { Passing: true } => "yellow",
        { Serving: true } => "green",
        _ => "default",
    };

    private static string For(SlotStatus slot, DateTimeOffset now) => slot.Since is not { } since ? "" : (now - since) switch
    {
        { TotalMinutes: < 1 } span => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, span.TotalSeconds):0} s"),
        { TotalHours: < 1 } span => $"{(int)span.TotalMinutes} min",
        { TotalDays: < 1 } span => $"{(int)span.TotalHours} h {span.Minutes:00} min",
        var span => $"{(int)span.TotalDays} d {span.Hours:00} h",
    };
}
