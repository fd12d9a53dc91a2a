using System.Collections.Immutable;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;

namespace RunnerBuild.Diagnosing;

/// <summary>Rights that the login needs at one path, and the role that gives them.</summary>
internal sealed record NeededPrivileges(string Path, string Role, ImmutableArray<string> Privileges)
{
    private const string Own = "RunnerBuild";

    private static readonly string[] Agent = ["VM.GuestAgent.Audit", "VM.GuestAgent.FileRead"];

    /// <summary>
    /// For the whole life of a host's machine. Rights are best given on its pool: those on the machine itself go with it when it is destroyed.
    /// </summary>
    /// <param name="storage">Where its disk is or will be; null: not known.</param>
    public static IEnumerable<NeededPrivileges> Of(VirtualMachine want, string? storage, ProxmoxRelease release)
    {
        yield return new(want.Spec.Pool is { } pool ? $"/pool/{pool}" : $"/vms/{want.Id.VmId}", Own,
        [
            "VM.Audit", "VM.Allocate", "VM.Config.CPU", "VM.Config.Memory", "VM.Config.Disk", "VM.Config.Network", "VM.Config.Cloudinit", "VM.Config.Options",
            "VM.PowerMgmt", "VM.Snapshot", "VM.Snapshot.Rollback",
            .. release.HasGuestAgentPrivileges ? Agent : ["VM.Monitor"],
        ]);
        yield return new($"/vms/{want.Spec.Template}", "PVETemplateUser", ["VM.Audit", "VM.Clone"]);
        if (storage is not null)
            yield return new($"/storage/{storage}", Own, ["Datastore.AllocateSpace", "Datastore.Audit"]);
        if (release.NeedsSdnUse)
            yield return new($"/sdn/zones/localnetwork/{want.Spec.Bridge}", "PVESDNUser", ["SDN.Use"]);
    }

    /// <summary>To make a template from a downloaded image.</summary>
    public static IEnumerable<NeededPrivileges> Of(TemplateSpec template) =>
    [
        new($"/vms/{template.VmId}", Own,
        [
            "VM.Audit", "VM.Allocate", "VM.Config.CPU", "VM.Config.Memory", "VM.Config.Disk", "VM.Config.CDROM", "VM.Config.Network", "VM.Config.Options", "VM.Config.HWType",
            "VM.Config.Cloudinit",
        ]),
        new($"/storage/{template.ImageStorage}", Own, ["Datastore.AllocateSpace", "Datastore.AllocateTemplate", "Datastore.Audit"]),
        new($"/storage/{template.Storage}", Own, ["Datastore.AllocateSpace", "Datastore.Audit"]),
        new($"/nodes/{template.Node}", Own, ["Sys.AccessNetwork"]),
    ];

    /// <summary>The lines for a node's shell that give what is missing, one after the other.</summary>
    public string Grant(IEnumerable<string> missing, Func<string, string, string> acl) => Role == Own
        ? $"pveum role add {Own} --privs \"{string.Join(' ', missing)}\" || pveum role modify {Own} --append 1 --privs \"{string.Join(' ', missing)}\"; {acl(Path, Own)}"
        : acl(Path, Role);
}
