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
        var checks = perHost.SelectMany(host => host).ToList();
        checks.Add(await CanaryAsync(site, onlyLook, cancel));
        return checks;
    }

    public static void Save(IReadOnlyList<Check> checks, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var report = new { at = DateTimeOffset.UtcNow, good = checks.All(check => check.Verdict != Verdict.Bad), checks };
        File.WriteAllText(path, Redaction.Mask(JsonSerializer.Serialize(report, Readable)) + "\n");
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
            checks.Add(await FreshnessAsync(site, session, wanted, onlyLook, cancel));
            return checks;
        }
        catch (RunnerBuildException fault)
        {
            return [Check.Of(session.Name, "reachable", false, fault.Message)];
        }
    }

    private static async Task<Check> CanaryAsync(Site site, bool onlyLook, CancellationToken cancel)
    {
        const string Subject = "canary job";
        if (site.Fleet.Canary is not { } canary)
            return new Check(null, Subject, Verdict.Unproved, "no canary is configured, so no job has shown that these runners work: set `canary:` in the fleet");
        if (onlyLook)
            return new Check(null, Subject, Verdict.Unproved, "not run, since this only looks: run Verify without --skip");
        var pool = site.Sessions.SelectMany(session => session.Host.Pools).FirstOrDefault(pool => pool.Count > 0 && pool.Scope.Serves(canary.Repository));
        return pool is null
            ? new Check(null, Subject, Verdict.Unproved, $"no pool serves {canary.Repository}")
            : await new CanaryChecks(canary, site.GitHub).RunsAsync(pool.Labels[^1], [.. site.Sessions.Select(session => session.Name)], cancel);
    }

    private static async Task<Check> FreshnessAsync(Site site, HostSession session, RunnerDeployment wanted, bool onlyLook, CancellationToken cancel)
    {
        const string Subject = "freshness";
        if (site.Fleet.Canary is not { } canary)
            return new Check(session.Name, Subject, Verdict.Unproved, "no canary is configured, so no job has looked for what another left behind");
        if (onlyLook)
            return new Check(session.Name, Subject, Verdict.Unproved, "not tried, since this only looks");
        var idle = (await session.FactsAsync(cancel)).Supervisor?.Slots.Where(slot => slot.State == "Idle").Select(slot => slot.Name).ToHashSet() ?? [];
        var slot = wanted.Slots.FirstOrDefault(slot => idle.Contains(slot.Name) && slot.Pool.Scope.Serves(canary.Repository));
        return slot is null
            ? new Check(session.Name, Subject, Verdict.Unproved, $"no idle slot serves {canary.Repository} now; run Verify again when one is free")
            : await new CanaryChecks(canary, site.GitHub).LeavesNoTraceAsync(session, slot, cancel);
    }
}
