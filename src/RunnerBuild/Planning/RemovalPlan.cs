using System.Collections.Immutable;
using System.Text.RegularExpressions;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;

namespace RunnerBuild.Planning;

/// <summary>Takes every slot of the host out of service and waits until no job is left.</summary>
internal sealed record EmptySlots : Step
{
    protected override string Text => "drain all slots, and wait until running jobs have ended";
}

/// <summary>Deletes the registrations of this host's runners that GitHub still has in a scope.</summary>
internal sealed record DeleteRegistrations(GitHubScope Scope) : Step
{
    protected override string Text => $"delete what is registered in {Scope.Path}";
}

/// <summary>
/// From a host with runners to one that never had any, Docker Engine aside. Jobs end first, and what says that the rest is ours goes last,
/// so that a run which was broken off is gone on with by the next.
/// </summary>
internal static class RemovalPlan
{
    private const string StopService = """
        set -eu
        systemctl disable --now "$1" 2>/dev/null || true
        rm -rf "/etc/systemd/system/$1" "/etc/systemd/system/$1.d"
        systemctl daemon-reload
        systemctl reset-failed "$1" 2>/dev/null || true
        """;

    // dockerd is not restarted: without our live-restore that would end the containers of others. The copy stays until the mark has gone that
    // daemon.json is ours, so that a run which ends in between does not take theirs for ours.
    private const string RestoreDaemon = """
        set -eu
        if [ -e "$1.before" ]; then cp -a "$1.before" "$1"; else rm -f "$1"; fi
        systemctl reload docker.service || true
        """;

    private const string RemoveMirror = """
        set -eu
        systemctl disable --now "$1" 2>/dev/null || true
        export DEBIAN_FRONTEND=noninteractive
        apt-get -o DPkg::Lock::Timeout=600 -qy purge "$2"
        rm -rf -- "$3" "$4"
        systemctl daemon-reload
        systemctl reset-failed "$1" 2>/dev/null || true
        """;

    // The folder may hold what others say of the unit.
    private const string RemoveDropIn = """
        set -eu
        rm -f -- "$1"
        rmdir --ignore-fail-on-non-empty -- "$(dirname -- "$1")"
        systemctl daemon-reload
        """;

    private const string RemoveSettings = "rm -rf -- \"$1\"; rm -f -- \"$2\"";

    private const string RemoveAccount = """
        set -eu
        userdel "$1"
        if getent group "$1" >/dev/null; then groupdel "$1"; fi
        """;

    /// <param name="registered">Names that GitHub has of this host's runners, by scope.</param>
    /// <param name="own">The slot of this host that this run is the job of; null: none.</param>
    public static IEnumerable<Change> Diff(Host host, HostFacts facts, IReadOnlyDictionary<GitHubScope, ImmutableArray<string>> registered, string? own)
    {
        var ours = facts.Containers.Where(container => container.Host.Length > 0).ToList();
        var unit = facts.Files.ContainsKey(HostPaths.ServiceUnitFile) && !facts.Earlier.Unit;
        if (own is not null)
            yield return new Change("slots", "serving", "this run's job", null, [], Refusal: OwnHost.Refusal("taking the runners away would end it", host, own, "RemoveRunners"));
        else if (unit)
            yield return new Change("slots", "serving", Serving(facts, ours), null, [new EmptySlots()]);
        else if (ours.Any(container => container.State == "running"))
            yield return new Change(
                "slots", "serving", string.Join(", ", ours.Select(container => container.Name)), null, [],
                Refusal: "Their supervisor is gone, so it is not known which have a job. Run DeployRunners, which adopts them, and RemoveRunners again.");
        if (unit)
            yield return Removal($"unit/{HostPaths.ServiceUnit}", "unit", "enabled", new RunScript($"stop and remove {HostPaths.ServiceUnit}", StopService, [HostPaths.ServiceUnit]));
        if (ours.Count > 0)
            yield return Removal(
                "containers", "containers", $"{ours.Count}",
                new RunScript("remove what is left of runner containers", "docker rm --volumes \"$@\" 2>/dev/null || true", [.. ours.Select(container => container.Name)]));
        if (!facts.Images.IsEmpty)
            yield return Removal(
                "image", "images", string.Join(' ', facts.Images.Order()),
                new RunScript("remove the runner images", "docker image rm \"$@\" >/dev/null", [.. facts.Images.Order()]));
        foreach (var (scope, names) in registered.Where(entry => !entry.Value.IsEmpty))
            yield return Removal($"registrations/{scope.Path}", "runners", string.Join(' ', names), new DeleteRegistrations(scope));
        foreach (var change in Files(facts))
            yield return change;
    }

    /// <summary>Whether a runner's name is one that the supervisor gives on this host.</summary>
    public static bool IsOf(Host host, string runner) =>
        Regex.IsMatch(runner, $"^{Regex.Escape(host.Name)}-[0-9]+-[a-z2-7]{{12}}$", RegexOptions.IgnoreCase);

    private static IEnumerable<Change> Files(HostFacts facts)
    {
        bool There(string path) => facts.Files.ContainsKey(path);

        // Its unit file is the mark that the registry is ours, so it goes last.
        if (There(PullThroughMirror.UnitFile))
            yield return Removal(
                $"unit/{PullThroughMirror.Unit}", "unit", "enabled",
                new RunScript($"stop and remove {PullThroughMirror.Unit}", RemoveMirror, [PullThroughMirror.Unit, PullThroughMirror.Package, PullThroughMirror.Store, PullThroughMirror.UnitFile]));
        if (There(HostBaseline.UpgradePolicy))
            yield return Remove(HostBaseline.UpgradePolicy, "file");
        if (There(HostBaseline.UpgradeDropIn))
            yield return Removal($"file{HostBaseline.UpgradeDropIn}", "file", "there", new RunScript($"remove {HostBaseline.UpgradeDropIn}", RemoveDropIn, [HostBaseline.UpgradeDropIn]));
        foreach (var account in new[] { HostBaseline.Account, RunnerDeployment.Operators }.Where(facts.Accounts.ContainsKey))
            yield return Removal($"user/{account}", "account", "a system account", new RunScript($"remove user {account}", RemoveAccount, [account]));
        foreach (var path in new[] { HostPaths.State, HostPaths.Runtime, HostPaths.ActionArchives, HostPaths.Root }.Where(There))
            yield return Remove(path, "directory");
        // With its folder of settings the host is ours, and so is its daemon.json.
        if (!There(HostPaths.Settings))
            yield break;
        if (There(HostPaths.Daemon))
            yield return new Change(
                $"file{HostPaths.Daemon}", "content", "runners'", There(HostRemoval.DaemonBefore) ? "as before" : null,
                [new RunScript($"restore {HostPaths.Daemon}", RestoreDaemon, [HostPaths.Daemon])], Note: "in force in full at dockerd's next start");
        yield return Removal(
            $"directory{HostPaths.Settings}", "directory", "there",
            new RunScript($"remove {HostPaths.Settings}", RemoveSettings, [HostPaths.Settings, HostRemoval.DaemonBefore]));
    }

    private static string Serving(HostFacts facts, IReadOnlyCollection<ContainerFact> ours) => facts.Supervisor is { } status
        ? string.Join(", ", status.Slots.Select(slot => $"{slot.Name} {slot.State.ToLowerInvariant()}{(slot.Job is { } job ? $" with job {job}" : "")}"))
        : $"{ours.Count} containers";

    private static Change Remove(string path, string kind) => Removal($"{kind}{path}", kind, "there", new RunScript($"remove {path}", "rm -rf -- \"$1\"", [path]));

    private static Change Removal(string resource, string field, string from, Step step) => new(resource, field, from, null, [step]);
}
