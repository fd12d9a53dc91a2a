using System.Collections.Immutable;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Remote;
using RunnerBuild.Remote.Proxmox;

namespace RunnerBuild.Diagnosing;

/// <summary>Whether a Proxmox cluster can carry the fleet's hosts: release, nodes, rights, templates, room, numbers and addresses.</summary>
internal sealed class ProxmoxExamination(ProxmoxClient client, VirtualMachineObservation observation, ProxmoxEndpoint endpoint, IReadOnlyList<Host> hosts)
{
    private static readonly ProxmoxRelease Oldest = new(7, 4);

    private readonly ClusterSurvey _survey = new(client);

    /// <param name="name">The cluster's, for people.</param>
    public async Task<IReadOnlyList<Finding>> RunAsync(string name, CancellationToken cancel)
    {
        var release = await observation.ReleaseAsync(cancel);
        List<Finding> findings = [Release(name, release)];
        var nodes = await _survey.NodesAsync(cancel);
        var places = await _survey.PlacesAsync(cancel);
        foreach (var host in hosts)
            findings.AddRange(await OfHostAsync(VirtualMachine.Of(host), release, nodes, places, cancel));
        if (endpoint.Template is { } template)
            findings.AddRange(await RightsAsync(name, NeededPrivileges.Of(template), template.VmId, places, cancel));
        return [.. findings.Distinct()];
    }

    private static Finding Release(string name, ProxmoxRelease release) =>
        release.Major > Oldest.Major || (release.Major == Oldest.Major && release.Minor >= Oldest.Minor)
            ? Finding.Good(name, "release", $"Proxmox VE {release}")
            : Finding.Bad(name, "release", $"Proxmox VE {release}, older than {Oldest}", $"Upgrade the nodes to Proxmox VE {Oldest} or newer.");

    private async Task<IReadOnlyList<Finding>> OfHostAsync(
        VirtualMachine want, ProxmoxRelease release, ImmutableArray<NodeState> nodes, ImmutableDictionary<int, string> places, CancellationToken cancel)
    {
        var node = nodes.FirstOrDefault(state => state.Name == want.Id.Node);
        if (node is not { Online: true })
            return
            [
                Finding.Bad(want.Name, "node", node is null ? $"the cluster has no {want.Id.Node}, it has {string.Join(", ", nodes)}" : $"{want.Id.Node} is offline",
                    node is null ? $"Correct `node` of {want.Name} in the fleet." : $"Start {want.Id.Node}, or see `pvecm status` on another node."),
            ];
        List<Finding> findings = [Finding.Good(want.Name, "node", $"{want.Id.Node} is online")];
        var template = await _survey.ConfigAsync(new(places.GetValueOrDefault(want.Spec.Template, want.Id.Node), want.Spec.Template), cancel);
        var storage = want.Spec.Storage ?? (template?.GetValueOrDefault(want.Spec.DiskName) is { } disk ? disk.Split(':')[0] : null);
        findings.AddRange(await RightsAsync(want.Name, NeededPrivileges.Of(want, storage, release), want.Id.VmId, places, cancel));
        findings.AddRange(TemplateFindings.Of(want, template, endpoint.Template));
        if (await ObservedAsync(want, cancel) is not { } have)
        {
            findings.Add(new(want.Name, "VMID", Health.Notable, $"what is under {want.Id.VmId} is not known before the rights are there"));
            return findings;
        }

        findings.Add(NumberFinding.Of(want, have));
        findings.Add(StorageFinding.Of(want, have, storage, await _survey.StoragesAsync(want.Id.Node, cancel)));
        if (want.Spec.Ip is { } ip && have is VirtualMachineFacts.Absent)
            findings.Add(await AddressProbe.AnswersAsync(ip.Address, cancel)
                ? Finding.Bad(want.Name, "address", $"something answers at {ip.Address} already", $"Find it (`ip neigh show {ip.Address}` on {want.Id.Node}), and give {want.Name} another `ip` in the fleet.")
                : Finding.Good(want.Name, "address", $"nothing answers at {ip.Address} yet"));
        return findings;
    }

    /// <returns>Null: the login may not look; which rights that takes is said elsewhere.</returns>
    private async Task<VirtualMachineFacts?> ObservedAsync(VirtualMachine want, CancellationToken cancel)
    {
        try
        {
            return await observation.OfAsync(want, cancel);
        }
        catch (ProxmoxException refused) when (refused.Fault is ProxmoxFault.Forbidden)
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<Finding>> RightsAsync(
        string where, IEnumerable<NeededPrivileges> needed, int vmId, ImmutableDictionary<int, string> places, CancellationToken cancel)
    {
        List<Finding> findings = [];
        foreach (var rights in needed)
        {
            var missing = rights.Privileges.Except(await _survey.PrivilegesAsync(rights.Path, cancel)).ToArray();
            findings.Add(missing.Length == 0
                ? Finding.Good(where, $"rights at {rights.Path}", "all that are needed")
                : Finding.Bad(where, $"rights at {rights.Path}", $"without {string.Join(", ", missing)}", rights.Grant(missing, (path, role) => Grants.Line(endpoint.Login, path, role))));
        }

        // Root's own token has them everywhere.
        if (findings[0].Health is Health.Bad && findings[0].Subject == $"rights at /vms/{vmId}" && !places.ContainsKey(vmId))
            findings.Add(new(where, "pool", Health.Notable, "no pool is named, and rights on a VMID go when its machine is destroyed",
                $"pveum pool add gh-runners; then `pool: gh-runners` for {where} in the fleet, and the rights on /pool/gh-runners"));
        return findings;
    }
}
