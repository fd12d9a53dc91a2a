using System.Globalization;

namespace Supervisor.Control;

/// <summary>The status as an aligned table, for people.</summary>
internal static class StatusTable
{
    // Days.
    private const int Soon = 14;
    private static readonly string[] heading = ["SLOT", "POOL", "STATE", "SINCE", "RUNNER", "JOB", "REASON"];

    public static string Of(HostStatus status, DateTimeOffset now)
    {
        var table = TextTable.Of([heading, .. status.Slots.Select(slot => RowOf(slot, now))]);
        var versions = status.Versions.Where(version => version.Until is not null).Select(version => SentenceOf(version, now));
        return string.Join(Environment.NewLine, [table, .. versions, .. status.Problem is { } problem ? [problem] : (string[])[]]);
    }

    private static string SentenceOf(RunnerVersion version, DateTimeOffset now)
    {
        var until = version.Until!.Value.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var days = Math.Floor(version.DaysLeftAt(now));
        var what = days >= 0 ? $"accepts runner {version.Version} until {until}, {days:0} days more" : $"accepts runner {version.Version} no more since {until}";
        return days >= Soon ? $"{version.Scope} {what}." : $"{version.Scope} {what}: run BuildCustomImage with a newer runner version, then DeployRunners.";
    }

    private static string[] RowOf(SlotStatus slot, DateTimeOffset now) =>
        [slot.Name, slot.Pool, slot.State, $"{TextTable.Span(now - slot.Since)} ago", slot.Runner ?? "-", slot.Job ?? "-", slot.Reason ?? ""];
}
