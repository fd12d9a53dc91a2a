using System.Collections.Immutable;
using RunnerBuild.Desired;
using RunnerBuild.Facts;

namespace RunnerBuild.Planning;

/// <summary>What separates this machine from one that looks after the fleet at night, or from one that does not.</summary>
internal static class NightlyPlan
{
    public static ImmutableArray<Change> Diff(NightlyUnits units, IEnumerable<HostResource> wanted, HostFacts facts, string nonce) =>
        [.. Foreign(units, facts), .. HostPlan.Diff(wanted, facts, nonce)];

    /// <summary>All goes but the file with secrets, which a person wrote.</summary>
    public static IEnumerable<Change> Removal(NightlyUnits units, HostFacts facts)
    {
        if (Foreign(units, facts).ToList() is { Count: > 0 } foreign)
        {
            foreach (var refused in foreign)
                yield return refused;
            yield break;
        }

        if (facts.Units.GetValueOrDefault(units.Timer) is { } timer && (timer.Active == "active" || timer.FileState == "enabled"))
            yield return new Change($"unit/{units.Timer}", "state", timer.Active, null, [new RunScript($"disable {units.Timer}", "systemctl disable --now \"$1\"", [units.Timer])]);
        foreach (var path in new[] { units.TimerFile, units.ServiceFile }.Where(facts.Files.ContainsKey))
            yield return new Change($"file{path}", "file", "there", null, [new RunScript($"remove {path}", "rm -f -- \"$1\" && systemctl daemon-reload", [path])]);
        if (facts.Files.ContainsKey(units.Reports))
            yield return new Change($"directory{units.Reports}", "directory", "reports", null, [new RunScript($"remove {units.Reports}", "rm -rf -- \"$1\" && rmdir --ignore-fail-on-non-empty -- \"${1%/*}\"", [units.Reports])]);
    }

    // Two fleet files of one name in different folders.
    private static IEnumerable<Change> Foreign(NightlyUnits units, HostFacts facts)
    {
        if (facts.Files.GetValueOrDefault(units.ServiceFile)?.Text is { } text && !text.StartsWith(units.Mark, StringComparison.Ordinal))
            yield return new Change($"file{units.ServiceFile}", "fleet", text.Split('\n')[0].TrimStart('#', ' '), units.Fleet, [], Refusal:
                $"It is not this fleet's. Give this fleet file another name, or take that one away: `systemctl disable --now {units.Timer}; rm {units.TimerFile} {units.ServiceFile}`.");
    }
}
