namespace Supervisor.Control;

/// <summary>The status as an aligned table, for people.</summary>
internal static class StatusTable
{
    private static readonly string[] heading = ["SLOT", "POOL", "STATE", "SINCE", "RUNNER", "JOB", "REASON"];

    public static string Of(HostStatus status, DateTimeOffset now)
    {
        var table = TextTable.Of([heading, .. status.Slots.Select(slot => RowOf(slot, now))]);
        return status.Problem is null ? table : $"{table}{Environment.NewLine}{status.Problem}";
    }

    private static string[] RowOf(SlotStatus slot, DateTimeOffset now) =>
        [slot.Name, slot.Pool, slot.State, $"{TextTable.Span(now - slot.Since)} ago", slot.Runner ?? "-", slot.Job ?? "-", slot.Reason ?? ""];
}
