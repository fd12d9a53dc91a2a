using Supervisor.Control;
using Supervisor.GitHub;
using Supervisor.Slots;

namespace Supervisor.Evidence;

/// <summary>All that Prometheus may ask of this host, at one moment.</summary>
internal static class Metrics
{
    public static string Of(HostStatus status, Tally tally, ApiBudget budget, DateTimeOffset now)
    {
        var text = new MetricsText();
        text.Family("github_runners_slots", "gauge", "Slots by pool and state; what is not Idle or Busy does not serve.");
        foreach (var pool in status.Slots.GroupBy(slot => slot.Pool))
        {
            // Every state, so that a graph falls to 0 instead of ending.
            foreach (var state in Enum.GetNames<SlotState>())
                text.Sample("github_runners_slots", pool.Count(slot => slot.State == state), ("pool", pool.Key), ("state", state));
        }
        tally.WriteTo(text);
        if (status.ActionArchivesTaken is { } taken)
        {
            text.Family("github_runners_action_archives_taken_total", "counter", "Actions that jobs took from this host's archives instead of downloading them.");
            text.Sample("github_runners_action_archives_taken_total", taken);
        }
        text.Family("github_runners_api_remaining", "gauge", "Calls that GitHub still allows until its limit is reset, by its last answer.");
        foreach (var (scope, remaining, _) in budget.All)
            text.Sample("github_runners_api_remaining", remaining, ("scope", scope));
        text.Family("github_runners_api_limit", "gauge", "Calls that GitHub allows in all, by its last answer.");
        foreach (var (scope, _, limit) in budget.All)
            text.Sample("github_runners_api_limit", limit, ("scope", scope));
        text.Family("github_runners_version_days_left", "gauge", "Days until GitHub stops to accept the version of the runner program; +Inf while it names no end.");
        foreach (var version in status.Versions)
            text.Sample("github_runners_version_days_left", version.DaysLeftAt(now), ("scope", version.Scope), ("version", version.Version));
        return text.ToString();
    }
}
