using System.Globalization;
using System.Text;

namespace Supervisor.Control;

/// <summary>The status as an aligned table, for people.</summary>
internal static class StatusTable
{
    private static readonly string[] heading = ["SLOT", "POOL", "STATE", "FOR", "RUNNER", "JOB OR REASON"];

    public static string Of(HostStatus status, DateTimeOffset now)
    {
        string[][] rows = [heading, .. status.Slots.Select(slot => RowOf(slot, now))];
        var widths = Enumerable.Range(0, heading.Length).Select(column => rows.Max(row => row[column].Length)).ToList();
        var text = new StringBuilder();
        foreach (var row in rows)
            text.AppendLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        if (status.Problem is not null)
            text.AppendLine(status.Problem);
        return text.ToString().TrimEnd();
    }

    private static string[] RowOf(SlotStatus slot, DateTimeOffset now) =>
        [slot.Name, slot.Pool, slot.State, Span(now - slot.Since), slot.Runner ?? "-", slot.Job ?? slot.Reason ?? ""];

    private static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, span.TotalSeconds):0}s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Minutes}m{span.Seconds:00}s"),
        { TotalDays: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Hours}h{span.Minutes:00}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{span.Days}d{span.Hours:00}h"),
    };
}
