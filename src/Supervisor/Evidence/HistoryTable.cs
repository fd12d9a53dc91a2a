using System.Globalization;
using Supervisor.Control;

namespace Supervisor.Evidence;

/// <summary>The history as an aligned table, for people.</summary>
internal static class HistoryTable
{
    private static readonly string[] heading = ["ENDED (UTC)", "SLOT", "REPOSITORY", "WORKFLOW", "RUN", "JOB", "RESULT", "QUEUED", "RAN", "CPU", "MEMORY", "PIDS", "READ", "WRITTEN"];

    public static string Of(IReadOnlyList<JobRecord> records) =>
        records.Count == 0 ? "No job has run here yet." : TextTable.Of([heading, .. records.Select(RowOf)]);

    private static string[] RowOf(JobRecord record) =>
    [
        record.Ended.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), record.Slot, record.Repository ?? "-", record.Workflow ?? "-",
        Number(record.RunId), record.Job ?? "-", record.OutOfMemory ? $"{record.Conclusion}, out of memory" : record.Conclusion,
        Seconds(record.QueueSeconds), Seconds(record.Seconds), Seconds(record.CpuSeconds), Bytes(record.PeakMemoryBytes), Number(record.PeakPids),
        Bytes(record.ReadBytes), Bytes(record.WrittenBytes),
    ];

    private static string Seconds(double? seconds) => seconds is { } known ? TextTable.Span(TimeSpan.FromSeconds(known)) : "-";

    private static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static string Bytes(long? bytes) => bytes switch
    {
        null => "-",
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0}K"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 20):0}M"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 30):0.0}G"),
    };
}
