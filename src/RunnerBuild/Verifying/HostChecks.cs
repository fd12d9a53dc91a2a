using System.Collections.Immutable;
using System.Globalization;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Stages;

namespace RunnerBuild.Verifying;

/// <summary>Whether a host is what the fleet says: every stage's plan is empty, and the disk and the clock are fit for jobs.</summary>
internal static class HostChecks
{
    private const int DiskLimit = 90;
    private static readonly TimeSpan ClockLimit = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<Check>> RunAsync(HostSession session, IEnumerable<Stage> stages, CancellationToken cancel)
    {
        var checks = new List<Check>();
        foreach (var stage in stages)
        {
            var changes = await stage.PlanAsync(session, cancel);
            checks.Add(Check.Of(
                session.Name, Subject(stage), changes.IsEmpty,
                changes.IsEmpty ? "as the fleet says" : $"run {stage.Name}: {string.Join("; ", changes.Select(change => $"{change.Resource} {change.Field} is {change.From ?? "missing"}"))}"));
            // What a stage still has to make, the ones after it cannot look at.
            if (stage.BlocksPlanning(changes) && !changes.IsEmpty)
                return checks;
        }

        return [.. checks, .. Of(session.Name, await session.FactsAsync(cancel))];
    }

    internal static ImmutableArray<Check> Of(string host, HostFacts facts) =>
    [
        Check.Of(host, "engine", facts.Engine is not null, facts.Engine is { } engine ? $"Docker {engine.Version}, API {engine.ApiVersion}" : "does not answer: `systemctl status docker`"),
        Service(host, facts),
        Check.Of(host, "disk", facts.Disk.UsedPercent < DiskLimit, $"{facts.Disk.UsedPercent} % used, {facts.Disk.Available >> 30} GiB free"),
        Check.Of(
            host, "clock", facts.ClockOffset.Duration() < ClockLimit,
            $"{facts.ClockOffset.TotalSeconds.ToString("+0.0;-0.0", CultureInfo.InvariantCulture)} s against this machine's"),
    ];

    private static Check Service(string host, HostFacts facts)
    {
        var unit = facts.Units.GetValueOrDefault(HostPaths.ServiceUnit);
        var serving = facts.Supervisor?.Slots.Count(slot => slot.Serving) ?? 0;
        return Check.Of(
            host, "service", unit is { Active: "active", FileState: "enabled" } && facts.Supervisor is not null,
            facts.Supervisor is null ? $"{unit?.Active ?? "absent"}: `journalctl -u {HostPaths.ServiceUnit}`" : $"{unit?.Active}, {serving} of {facts.Supervisor.Slots.Length} slots serve");
    }

    private static string Subject(Stage stage) => stage.Name switch
    {
        "CreateVm" => "machine and SSH",
        "BootstrapHost" => "host setup",
        "BuildCustomImage" => "image",
        _ => "runners' setup",
    };
}
