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

        // A restart reads the definition as well.
        var restart = wanted.Active ? Restart(wanted, have, facts, touched) : null;
        if (restart is null && (have is { NeedsDaemonReload: true } || changed.Any(id => id.StartsWith($"file/etc/systemd/system/{wanted.Name}", StringComparison.Ordinal))))
            yield return new Change(wanted.Id, "definition", "as systemd read it earlier", "as it is on disk", [Reload]);
        if (wanted.Enabled && (have is null || have.FileState is not ("enabled" or "static" or "alias" or "indirect")))
            yield return new Change(wanted.Id, "enabled", have?.FileState is { Length: > 0 } state ? state : null, "enabled", [Systemctl("enable", wanted.Name)]);
        if (restart is not null)
            yield return restart;
    }

    private static Change? Restart(Unit wanted, UnitFact? have, HostFacts facts, IEnumerable<string> touched)
    {
        if (have is not { Active: "active" })
            return new Change(wanted.Id, "state", have?.Active, "active", [Systemctl("restart", wanted.Name)]);
        // A supervisor that runs and does not answer is taken for one that does not run; starting it anew touches no job.
        if (wanted.Build is { } build && facts.Supervisor?.Build != build)
            return new Change(
                wanted.Id, "state", facts.Supervisor is null ? "active, not answering" : "active with another program", "active", [Systemctl("restart", wanted.Name)]);
        return touched.Concat(NewerThan(have, wanted, facts)).FirstOrDefault() is { } cause
            ? new Change(wanted.Id, "state", "active", "restarted", [Systemctl("restart", wanted.Name, wanted.ReloadsFirst)], Note: $"reads {cause} when it starts")
            : null;
    }

    // Tells from the host alone that a restart is due, also when the run that changed the file ended before it.
    private static IEnumerable<string> NewerThan(UnitFact have, Unit wanted, HostFacts facts) =>
        wanted.RestartedBy.Where(path => facts.Files.TryGetValue(path, out var file) && file.Modified > have.ActiveSince);

    private static RunScript Reload { get; } = new("reload systemd", "systemctl daemon-reload", []);

    private static RunScript Systemctl(string verb, string unit, bool reloadsFirst = false) => new($"{verb} {unit}", """
        set -eu
        systemctl daemon-reload
        if [ "$3" = True ]; then
          systemctl reload "$2"
          # dockerd says that it has reloaded before it has.
          for ((tries = 0; tries < 50; tries++)); do
            [ "$(docker info --format '{{.LiveRestoreEnabled}}' 2>/dev/null)" != true ] || break
            sleep 0.2
          done
          if [ "$tries" = 50 ] && [ -n "$(docker ps --quiet)" ]; then
            echo "dockerd has not taken up live-restore, so its restart would end the containers that run: see journalctl -u $2" >&2
            exit 1
          fi
        fi
        systemctl reset-failed "$2" 2>/dev/null || true
        systemctl "$1" "$2" || { systemctl status --no-pager --lines=20 "$2" >&2; exit 1; }
        """, [verb, unit, $"{reloadsFirst}"]);
}
