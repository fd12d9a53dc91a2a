using System.Collections.Immutable;
using RunnerBuild.Facts;

namespace RunnerBuild.Planning;

/// <summary>Ends runners that were made by a compose file, each when it has no job: deregistered at GitHub, then removed.</summary>
internal sealed record RetireEarlier(ImmutableArray<string> Containers) : Step
{
    protected override string Text => $"end {Containers.Length} earlier {(Containers.Length == 1 ? "runner" : "runners")}, each when it has no job";
}

/// <summary>From runners of a compose file, restarted after each job, to a host that the supervisor can take over, without ending a job.</summary>
internal static class EarlierPlan
{
    // Stopping the unit as it is would run `docker compose down`, or end a compose that runs in the foreground, which ends its containers.
    private const string DisarmUnit = """
        set -eu
        unit=github-docker-runners.service
        mkdir -p "/etc/systemd/system/$unit.d"
        printf '[Service]\nExecStop=\nExecStopPost=\nExecReload=\nKillSignal=SIGKILL\n' >"/etc/systemd/system/$unit.d/takeover.conf"
        systemctl daemon-reload
        systemctl stop "$unit"
        systemctl disable "$unit" 2>/dev/null || true
        rm -rf "/etc/systemd/system/$unit" "/etc/systemd/system/$unit.d"
        systemctl daemon-reload
        """;

    private const string RemoveTimer = """
        set -eu
        systemctl disable --now "$1" 2>/dev/null || true
        rm -f "/etc/systemd/system/$1" "/etc/systemd/system/${1%.timer}.service"
        systemctl daemon-reload
        """;

    /// <summary>So that neither a restart of dockerd nor a timer touches earlier runners or the new image.</summary>
    public static IEnumerable<Change> Disarm(EarlierInstallation earlier)
    {
        if (earlier.Unit)
            yield return new Change(
                "earlier/unit", "github-docker-runners.service", "docker compose", null,
                [new RunScript("take the earlier unit away; its containers stay", DisarmUnit, [])]);
        foreach (var timer in earlier.Timers)
            yield return new Change($"earlier/{timer}", "timer", "prunes images", null, [new RunScript($"remove {timer}", RemoveTimer, [timer])]);
    }

    public static IEnumerable<Change> TakeOver(EarlierInstallation earlier)
    {
        var all = new RetireEarlier([.. earlier.Runners.Select(runner => runner.Container)]);
        // All are ended side by side, by one step: an idle one does not wait for a busy one's job.
        foreach (var (index, runner) in earlier.Runners.Index())
            yield return new Change(
                $"earlier/{runner.Container}", "runner", runner.State, null, index == earlier.Runners.Length - 1 ? [all] : [],
                Note: runner.Busy ? "when its job ends" : null);
        foreach (var path in earlier.Paths)
            yield return new Change($"earlier{path}", "path", "of earlier runners", null, [new RunScript($"remove {path}", "rm -rf -- \"$1\"", [path])]);
    }
}
