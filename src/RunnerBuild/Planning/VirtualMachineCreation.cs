using RunnerBuild.Desired;
using RunnerBuild.Facts;

namespace RunnerBuild.Planning;

/// <summary>The changes that make a virtual machine where there is none, after all that could stop them half-way.</summary>
internal static class VirtualMachineCreation
{
    public static IReadOnlyList<Change> Of(VirtualMachine want, VirtualMachineFacts.Absent have)
    {
        if (Obstacle(want, have) is { } obstacle)
            return [new(VirtualMachinePlan.Resource(want), "vm", null, want.Name, [], Refusal: obstacle)];
        var disk = VirtualMachineDisk.Change(want, have.Template!.Config);
        return disk?.Refusal is not null ? [disk] : [.. Sequence(want, have, have.Template, disk)];
    }

    private static IEnumerable<Change> Sequence(VirtualMachine want, VirtualMachineFacts.Absent have, TemplateFacts template, Change? disk)
    {
        var resource = VirtualMachinePlan.Resource(want);
        var spec = want.Spec;
        yield return new(resource, "vm", null, $"{want.Name}, a {(spec.FullClone ? "full" : "linked")} clone of {spec.Template} ({template.Guest.Name})",
            [new CloneVm(want.Id, new(template.Guest.Node, spec.Template), want.Name, want.Description, spec.FullClone, spec.Storage, spec.Pool)]);
        foreach (var setting in VirtualMachineSettings.Differing(want, template.Config, have.Release))
        {
            // These two come with the clone itself.
            if (setting.Key is not ("name" or "description"))
                yield return VirtualMachinePlan.Set(want, setting with { From = null }, digest: null);
        }

        if (disk is not null)
            yield return disk with { From = null, Note = null };
        yield return new(resource, "state", null, "running", [new StartVm(want.Id)]);
    }

    private static string? Obstacle(VirtualMachine want, VirtualMachineFacts.Absent have)
    {
        var (node, template) = (want.Id.Node, want.Spec.Template);
        var there = have.Nodes.FirstOrDefault(state => state.Name == node);
        if (there is null)
            return $"The cluster has no node {node}; it has {string.Join(", ", have.Nodes)}. Correct `node` of {want.Name}.";
        if (!there.Online)
            return $"Node {node} is offline. Bring it back, or choose another `node` for {want.Name}.";
        if (have.Template is null)
            return $"There is no template {template}; the token sees {Templates(have)}. Correct `template` of {want.Name}, or make the template first.";
        if (!have.Template.Guest.IsTemplate)
            return $"{template} is no template but the {have.Template.Guest}. Correct `template` of {want.Name}, or run `qm template {template}` on its node.";
        return want.Spec is { FullClone: false, Storage: not null }
            ? $"A linked clone stays on its template's storage. Leave out `storage` of {want.Name}, or ask for a full clone."
            : null;
    }

    private static string Templates(VirtualMachineFacts.Absent have) =>
        have.Templates.IsEmpty ? "none" : string.Join(", ", have.Templates.Select(entry => $"{entry.VmId} ({entry.Name} on {entry.Node})"));
}
