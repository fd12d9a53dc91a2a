using System.Collections.Immutable;
using RunnerBuild.Desired;
using RunnerBuild.Facts;

namespace RunnerBuild.Planning;

/// <summary>What must change on a host, in the order of what is wanted.</summary>
internal static class HostPlan
{
    /// <param name="nonce">The one that the facts' hashes were made with.</param>
    public static ImmutableArray<Change> Diff(IEnumerable<HostResource> wanted, HostFacts facts, string nonce)
    {
        var changes = ImmutableArray.CreateBuilder<Change>();
        foreach (var resource in wanted)
        {
            changes.AddRange(resource switch
            {
                Packages packages => PackagePlan.Diff(packages, facts.Packages),
                AptSource source => AptSourcePlan.Diff(source, facts, nonce),
                SystemAccount account => AccountPlan.Diff(account, facts.Accounts.GetValueOrDefault(account.Name)),
                HostDirectory directory => FilePlan.Diff(directory, facts.Files.GetValueOrDefault(directory.Path)),
                HostFile file => FilePlan.Diff(file, facts.Files.GetValueOrDefault(file.Path), nonce),
                HostLink link => FilePlan.Diff(link, facts.Files.GetValueOrDefault(link.Path)),
                Unit unit => UnitPlan.Diff(unit, facts, changes),
                _ => throw new InvalidOperationException($"No plan is known for {resource.GetType().Name}."),
            });
        }

        return changes.ToImmutable();
    }
}
