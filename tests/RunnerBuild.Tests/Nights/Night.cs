using System.Collections.Immutable;
using RunnerBuild.Verifying;

namespace RunnerBuild.Tests.Nights;

/// <summary>Reports of nights, to vary from.</summary>
internal static class Night
{
    public static readonly DateTimeOffset First = new(2026, 3, 1, 3, 41, 7, TimeSpan.Zero);

    private static readonly RefreshReport Refreshed = new(
        First, RefreshOutcome.NothingToDo, [], ImmutableSortedDictionary<string, string>.Empty, [], [], "2.330.0", 40, []);

    public static NightlyReport Good(int day = 0) => new("homelab", First.AddDays(day), First.AddDays(day).AddMinutes(2), Refreshed, [Check.Of("one", "runners", true, "2 of 2 online")], []);

    public static NightlyReport Bad(int day = 0, string what = "Host one does not answer.", string why = "no route to 192.168.1.9") =>
        Good(day) with { Refresh = null, Failures = [new NightlyFailure("RefreshImage", what, why, "Switch it on.")] };
}
