using System.Collections.Immutable;
using RunnerBuild.Desired;
using RunnerBuild.Facts;

namespace RunnerBuild.Planning;

/// <summary>What separates this machine from one that looks after the fleet at night, or from one that does not.</summary>
internal static class NightlyPlan
{
    // A unit that failed stays in systemd's list without its file.
    private const string RemoveFile = """
        set -eu
        rm -f -- "$1"
        systemctl daemon-reload
        systemctl reset-failed "${1##*/}" 2>/dev/null || true
        """;

    public static ImmutableArray<Change> Diff(NightlyUnits units, ImmutableArray<HostResource> wanted, HostFacts facts, string nonce) =>
        [.. Foreign(units, facts), .. ClosedDoor(units, wanted, facts), .. HostPlan.Diff(wanted, facts, nonce)];

    /// <summary>All goes but the file with secrets, which a person wrote.</summary>
    public static IEnumerable<Change> Removal(NightlyUnits units, HostFacts facts)
    {
        if (Foreign(units, facts).Concat(UnderWay(units, facts)).ToList() is { Count: > 0 } refusals)
        {
            foreach (var refused in refusals)
                yield return refused;
            yield break;
        }

        foreach (var name in new[] { units.Door, units.Timer })
            if (facts.Units.GetValueOrDefault(name) is { } unit && (unit.Active == "active" || unit.FileState == "enabled"))
                yield return new Change($"unit/{name}", "state", unit.Active, null, [new RunScript($"disable {name}", "systemctl disable --now \"$1\"", [name])]);
        foreach (var path in new[] { NightlyUnits.Marker, units.DoorFile, units.TimerFile, units.ServiceFile }.Where(path => facts.Files.ContainsKey(path) && !IsOthers(path, units, facts)))
            yield return Gone(path);
        if (facts.Files.ContainsKey(units.Reports))
            yield return new Change($"directory{units.Reports}", "directory", "reports", null, [new RunScript($"remove {units.Reports}", "rm -rf -- \"$1\" && rmdir --ignore-fail-on-non-empty -- \"${1%/*}\"", [units.Reports])]);
    }

    /// <summary>Takes the door away that is not wanted any more.</summary>
    private static IEnumerable<Change> ClosedDoor(NightlyUnits units, ImmutableArray<HostResource> wanted, HostFacts facts)
    {
        if (wanted.Any(resource => resource.Id == $"file{units.DoorFile}") || !facts.Files.ContainsKey(units.DoorFile))
            yield break;
        yield return new Change($"unit/{units.Door}", "state", "active", null, [new RunScript($"disable {units.Door}", "systemctl disable --now \"$1\"", [units.Door])]);
        foreach (var path in new[] { NightlyUnits.Marker, units.DoorFile }.Where(path => facts.Files.ContainsKey(path) && !IsOthers(path, units, facts)))
            yield return Gone(path);
    }

    // The supervisor of a host knows one nightly run; another fleet's stays.
    private static bool IsOthers(string path, NightlyUnits units, HostFacts facts) =>
        path == NightlyUnits.Marker && facts.Files[path].Text is { } text && !text.Contains($"\"{units.Service}\"", StringComparison.Ordinal);

    private static Change Gone(string path) =>
        new($"file{path}", "file", "there", null, [new RunScript($"remove {path}", RemoveFile, [path])]);

    // It would keep its report after the others have gone.
    private static IEnumerable<Change> UnderWay(NightlyUnits units, HostFacts facts)
    {
        if (facts.Units.GetValueOrDefault(units.Service) is { Active: "activating" or "active" or "deactivating" } run)
            yield return new Change($"unit/{units.Service}", "run", run.Active, null, [], Refusal:
                $"It refreshes the fleet now. Run RemoveNightly again when it has ended (`systemctl status {units.Service}`), or end it with `systemctl stop {units.Service}`.");
    }

    // Two fleet files of one name in different folders.
    private static IEnumerable<Change> Foreign(NightlyUnits units, HostFacts facts)
    {
        if (facts.Files.GetValueOrDefault(units.ServiceFile)?.Text is { } text && !text.StartsWith(units.Mark, StringComparison.Ordinal))
            yield return new Change($"file{units.ServiceFile}", "fleet", text.Split('\n')[0].TrimStart('#', ' '), units.Fleet, [], Refusal:
                $"It is not this fleet's. Give this fleet file another name, or take that one away: `systemctl disable --now {units.Timer}; rm {units.TimerFile} {units.ServiceFile}`.");
    }
}
