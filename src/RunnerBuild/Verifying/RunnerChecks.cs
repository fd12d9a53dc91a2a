using System.Collections.Immutable;
using Octokit;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Remote;
using RunnerBuild.Remote.GitHub;

namespace RunnerBuild.Verifying;

/// <summary>Whether each slot's runner is what it should be in all three views: the supervisor's, Docker's and GitHub's.</summary>
internal static class RunnerChecks
{
    public static async Task<IReadOnlyList<Check>> RunAsync(HostSession session, RunnerDeployment wanted, GitHubAccess github, CancellationToken cancel)
    {
        // Asked anew, right before GitHub is: a runner that took a job in between would look wrong.
        session.Forget();
        var facts = await session.FactsAsync(cancel);
        var checks = new List<Check>();
        foreach (var scope in wanted.Slots.GroupBy(slot => slot.Pool.Scope))
        {
            var registered = await RunnerList.OfAsync(scope.Key, await github.TokenAsync(scope.Key, cancel));
            var groups = scope.Any(slot => slot.Pool.Group is not null)
                ? await RunnerGroups.OfAsync(scope.Key, await github.TokenAsync(scope.Key, cancel), cancel)
                : ImmutableDictionary<string, string>.Empty;
            checks.AddRange(scope.Select(slot => Of(session.Name, slot, facts, registered, groups)));
        }

        return checks;
    }

    /// <param name="groups">Name of the group, by name of the runner; empty where no pool names one.</param>
    internal static Check Of(string host, WantedSlot wanted, HostFacts facts, IReadOnlyList<Runner> registered, ImmutableDictionary<string, string> groups)
    {
        var slot = facts.Supervisor?.Slots.FirstOrDefault(status => status.Name == wanted.Name);
        if (slot is null)
            return Check.Of(host, wanted.Name, false, "the supervisor does not know this slot: run DeployRunners");
        if (slot.Drained)
            return new Check(host, wanted.Name, Verdict.Unproved, $"drained by a person{(slot.State == "Busy" ? ", its last job still runs" : "")}: `./build.sh Resume --limit {host} --slot {wanted.Name}` lets it serve again");
        if (!slot.Serving)
            return Check.Of(host, wanted.Name, false, $"{slot.State}: {slot.Reason ?? "between two jobs; look again"}");
        var faults = Faults(wanted, slot, facts, registered.FirstOrDefault(runner => runner.Name == slot.Runner), groups).ToList();
        return Check.Of(
            host, wanted.Name, faults.Count == 0,
            faults.Count == 0 ? $"{slot.State.ToLowerInvariant()}, online as {slot.Runner} [{string.Join(',', slot.Labels)}]" : string.Join("; ", faults));
    }

    private static IEnumerable<string> Faults(WantedSlot wanted, SlotStatus slot, HostFacts facts, Runner? runner, ImmutableDictionary<string, string> groups)
    {
        if (facts.Containers.FirstOrDefault(container => container.Name == wanted.Name) is not { State: "running" } container)
            yield return "its container does not run";
        else if (container.Image != wanted.Image && slot.State != "Busy")
            yield return $"its container's image is {container.Image} instead of {wanted.Image}";
        if (runner is null)
            yield return $"GitHub does not list {slot.Runner}";
        else
        {
            if (!string.Equals(runner.Status, "online", StringComparison.OrdinalIgnoreCase))
                yield return $"GitHub sees {slot.Runner} as {runner.Status}";
            if (slot.State == "Idle" && runner.Busy)
                yield return $"it is idle, and GitHub has {slot.Runner} as busy";
            if (wanted.Pool.Group is { } group && groups.GetValueOrDefault(runner.Name) is var seen && !string.Equals(seen, group, StringComparison.OrdinalIgnoreCase))
                yield return $"its group is {(string.IsNullOrEmpty(seen) ? "not known" : seen)} instead of {group}";
            var missing = wanted.Pool.Labels.Except(runner.Labels.Select(label => label.Name), StringComparer.OrdinalIgnoreCase).ToList();
            if (missing.Count > 0)
                yield return $"labels are missing: {string.Join(", ", missing)}";
        }
    }
}
