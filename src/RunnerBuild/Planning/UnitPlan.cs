using RunnerBuild.Desired;
using RunnerBuild.Facts;

namespace RunnerBuild.Planning;

internal static class UnitPlan
{
    /// <param name="earlier">What this plan changes before the unit's turn.</param>
    public static IEnumerable<Change> Diff(Unit wanted, HostFacts facts, IEnumerable<Change> earlier)
    {
        var have = facts.Units.GetValueOrDefault(wanted.Name);
        var changed = earlier.Select(change => change.Resource).ToHashSet(StringComparer.Ordinal);
        var touched = wanted.RestartedBy.Where(path => changed.Contains($"file{path}")).ToList();

        if (have is null || have.FileState is not ("enabled" or "static" or "alias" or "indirect"))
            yield return new Change(wanted.Id, "enabled", have?.FileState is { Length: > 0 } state ? state : null, "enabled", [Systemctl("enable", wanted.Name)]);

        if (!wanted.Active)
            yield break;
        if (have is not { Active: "active" })
            yield return new Change(wanted.Id, "state", have?.Active, "active", [Systemctl("restart", wanted.Name)]);
        else if (touched.Concat(NewerThan(have, wanted, facts)).FirstOrDefault() is { } cause)
            yield return new Change(wanted.Id, "state", "active", "restarted", [Systemctl("restart", wanted.Name, wanted.ReloadsFirst)], Note: $"reads {cause} when it starts");
    }

    // Tells from the host alone that a restart is due, also when the run that changed the file ended before it.
    private static IEnumerable<string> NewerThan(UnitFact have, Unit wanted, HostFacts facts) =>
        wanted.RestartedBy.Where(path => facts.Files.TryGetValue(path, out var file) && file.Modified > have.ActiveSince);

    private static RunScript Systemctl(string verb, string unit, bool reloadsFirst = false) => new($"{verb} {unit}", """
        set -eu
        systemctl daemon-reload
        if [ "$3" = True ]; then systemctl reload "$2"; fi
        systemctl reset-failed "$2" 2>/dev/null || true
        systemctl "$1" "$2" || { systemctl status --no-pager --lines=20 "$2" >&2; exit 1; }
        """, [verb, unit, $"{reloadsFirst}"]);
}
