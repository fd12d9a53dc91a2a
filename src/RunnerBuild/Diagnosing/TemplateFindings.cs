using System.Collections.Immutable;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Planning;

namespace RunnerBuild.Diagnosing;

/// <summary>Whether what a machine is to be cloned from will do.</summary>
internal static class TemplateFindings
{
    /// <param name="config">Null: it is not there, or may not be seen.</param>
    /// <param name="made">What CreateTemplate would make on this cluster; null: nothing.</param>
    public static IEnumerable<Finding> Of(VirtualMachine want, ImmutableSortedDictionary<string, string>? config, TemplateSpec? made)
    {
        var (where, id) = (want.Name, want.Spec.Template);
        if (config is null)
        {
            yield return Finding.Bad(where, "template", $"no virtual machine {id} is seen", made?.VmId == id
                ? "./build.sh CreateTemplate" : $"Correct `template` of {where}, or describe the template as `templateImage` of the cluster and run CreateTemplate.");
            yield break;
        }

        if (config.GetValueOrDefault("template") != "1")
            yield return Finding.Bad(where, "template", $"{id} ({config.GetValueOrDefault("name")}) is no template", $"qm template {id}");
        else
            yield return Finding.Good(where, "template", $"{id} ({config.GetValueOrDefault("name")})");
        yield return PropertyString.Parse(config.GetValueOrDefault("agent"), "enabled")["enabled"] is "1" or "yes" or "on" or "true"
            ? Finding.Good(where, "template's agent", "enabled")
            : new(where, "template's agent", Health.Notable, "not enabled; the fleet enables it in the clone, and the image must bring qemu-guest-agent", $"qm set {id} --agent enabled=1");
        yield return config.Values.Any(value => value.Contains("cloudinit", StringComparison.Ordinal) && value.Contains("media=cdrom", StringComparison.Ordinal))
            ? Finding.Good(where, "template's cloud-init drive", "there")
            : Finding.Bad(where, "template's cloud-init drive", "missing, so no address, user or key would reach the guest", $"qm set {id} --ide2 STORAGE:cloudinit");
        yield return config.ContainsKey(want.Spec.DiskName)
            ? Finding.Good(where, "template's disk", want.Spec.DiskName)
            : Finding.Bad(where, "template's disk", $"there is no {want.Spec.DiskName}", $"Name the boot disk of template {id} as `diskName` of {where} in the fleet.");
    }
}
