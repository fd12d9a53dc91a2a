using System.Text.Json;
using RunnerBuild.Desired;
using RunnerBuild.Stages;

namespace RunnerBuild.Verifying;

/// <summary>The evidence: asks again everything that the targets brought about, and lets real jobs prove the runners.</summary>
internal static class Verification
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <param name="onlyLook">Nothing is started and nothing changed: what only a job can show stays unproved.</param>
    public static async Task<IReadOnlyList<Check>> RunAsync(Site site, bool onlyLook, CancellationToken cancel)
    {
        Stage[] stages = [site.Machines, site.Bootstrap, site.Image, site.Runners];
        var perHost = await Task.WhenAll(site.Sessions.Select(session => OfHostAsync(site, session, stages, onlyLook, cancel)));
        return
        [
            .. perHost.SelectMany(host => host),
            .. site.Failed.Keys.Select(host => Check.Of(host, "targets", false, "an earlier target failed on it; see its message")),
        ];
    }

    public static void Save(IReadOnlyList<Check> checks, string path)
    {
        var report = new { at = TimeProvider.System.GetUtcNow(), good = checks.All(check => check.Verdict != Verdict.Bad), checks = checks.Select(check => check with { Detail = Redaction.Mask(check.Detail) }) };
        Save(JsonSerializer.Serialize(report, Readable), path);
    }

    public static void Save(string json, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, json + "\n");
    }

    /// <summary>Errors: <see cref="RunnerBuildException"/> when anything is wrong; what is unproved is not.</summary>
    public static void RequireGood(IReadOnlyList<Check> checks)
    {
        var bad = checks.Where(check => check.Verdict == Verdict.Bad).ToList();
        if (bad.Count > 0)
            throw new RunnerBuildException(
                $"{bad.Count} of {checks.Count} checks found something wrong.", string.Join('\n', bad.Select(check => $"{check.Host} {check.Subject}: {check.Detail}")),
                "Run DeployRunners, which sets right what it can, and Verify again.");
    }

    private static async Task<IReadOnlyList<Check>> OfHostAsync(Site site, HostSession session, Stage[] stages, bool onlyLook, CancellationToken cancel)
    {
        try
        {
            var checks = (await HostChecks.RunAsync(session, stages, cancel)).ToList();
            if (checks.Any(check => check.Subject is "machine and SSH" or "host setup" && check.Verdict == Verdict.Bad))
                return checks;
            var wanted = await site.Runners.WantedAsync(session, await session.FactsAsync(cancel), cancel);
            checks.AddRange(await RunnerChecks.RunAsync(session, wanted, site.GitHub, cancel));
            checks.AddRange(ModeChecks.Of(session.Name, wanted));
            checks.AddRange(await JobsAsync(site, session, wanted, onlyLook, cancel));
            return checks;
        }
        catch (RunnerBuildException fault)
        {
            return [Check.Of(session.Name, "reachable", false, fault.Message)];
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // A bug on one host must not take away what was seen of the others.
            return [Check.Of(session.Name, "unforeseen", false, $"this is a defect of RunnerBuild, please report it: {fault}")];
        }
    }

    /// <summary>What only jobs can show: on an idle slot of a pool that serves the canary's repository.</summary>
    private static async Task<IReadOnlyList<Check>> JobsAsync(Site site, HostSession session, RunnerDeployment wanted, bool onlyLook, CancellationToken cancel)
    {
        if (site.Fleet.Canary is not { } canary)
            return Unproved(session, "no canary is configured, so no job has shown that these runners work and are fresh: set `canary:` in the fleet");
        if (onlyLook)
            return Unproved(session, "not run, since this only looks: run Verify without --skip");
        var able = wanted.Slots.Where(slot => slot.Pool.Scope.Serves(canary.Repository)).ToList();
        if (able.Count == 0)
            return Unproved(session, $"no pool of this host serves {canary.Repository}");
        var idle = (await session.FactsAsync(cancel)).Supervisor?.Slots.Where(slot => slot.State == "Idle").Select(slot => slot.Name).ToHashSet() ?? [];
        if (able.FirstOrDefault(slot => idle.Contains(slot.Name)) is not { } slot)
            return Unproved(session, "every slot has a job now; run Verify again when one is idle");
        var canaries = new CanaryChecks(canary, site.GitHub);
        return [await canaries.RunsAsync(session, slot, cancel), await canaries.LeavesNoTraceAsync(session, slot, cancel)];
    }

    private static IReadOnlyList<Check> Unproved(HostSession session, string why) =>
        [new Check(session.Name, "canary job and freshness", Verdict.Unproved, why)];
}
