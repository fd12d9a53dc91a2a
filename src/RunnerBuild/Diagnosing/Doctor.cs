using System.Collections.Immutable;
using RunnerBuild.Config;
using RunnerBuild.Remote.GitHub;

namespace RunnerBuild.Diagnosing;

/// <summary>Doctor: looks at everything that the fleet needs from others, changes nothing, and says how to mend what is wrong.</summary>
internal static class Doctor
{
    public static Task<ImmutableArray<Finding>> RunAsync(Site site, CancellationToken cancel) => Examination.AllAsync([.. GitHub(site), .. Proxmox(site)], cancel);

    /// <summary>Errors: <see cref="RunnerBuildException"/> when anything is wrong.</summary>
    public static void RequireHealthy(IReadOnlyCollection<Finding> findings)
    {
        var bad = findings.Where(finding => finding.Health is Health.Bad).ToList();
        if (bad.Count > 0)
            throw new RunnerBuildException(
                $"{bad.Count} of {findings.Count} findings are bad.", string.Join('\n', bad.Select(finding => $"{finding.Where} {finding.Subject}: {finding.Seen}")),
                "Each has its remedy above. Then run Doctor again.");
    }

    private static IEnumerable<Examination> GitHub(Site site) =>
    [
        new("github", cancel => GitHubDoctor.ExamineAsync(site.Fleet, site.GitHub, GitHubHandler.Shared, cancel)),
        .. site.Sessions.Select(session => new Examination(session.Name, cancel => GitHubEgress.ExamineAsync(session, cancel))),
    ];

    private static IEnumerable<Examination> Proxmox(Site site) =>
        from cluster in site.Fleet.AllClusters
        let name = cluster.Name is null ? "proxmox" : $"proxmox {cluster.Name}"
        select new Examination(name, async cancel =>
        {
            var client = await site.Clusters.ClientAsync(cluster.Name, cancel);
            Host[] hosts = [.. site.Sessions.Select(session => session.Host).Where(host => host.Vm is { } vm && vm.Cluster == cluster.Name)];
            return await new ProxmoxExamination(client, new Facts.VirtualMachineObservation(client), cluster.Endpoint, hosts).RunAsync(name, cancel);
        });
}
