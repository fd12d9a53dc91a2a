using System.Collections.Immutable;

namespace Lab.Proxmox.Access;

/// <summary>The built-in roles that matter to virtual machines, as sets of privileges.</summary>
internal sealed class Roles
{
    private static readonly ImmutableArray<string> GuestAgent =
    [
        "VM.GuestAgent.Audit",
        "VM.GuestAgent.FileRead",
        "VM.GuestAgent.FileSystemMgmt",
        "VM.GuestAgent.FileWrite",
        "VM.GuestAgent.Unrestricted",
    ];

    private static readonly ImmutableArray<string> VirtualMachine =
    [
        "VM.Allocate",
        "VM.Audit",
        "VM.Backup",
        "VM.Clone",
        "VM.Config.CDROM",
        "VM.Config.CPU",
        "VM.Config.Cloudinit",
        "VM.Config.Disk",
        "VM.Config.HWType",
        "VM.Config.Memory",
        "VM.Config.Network",
        "VM.Config.Options",
        "VM.Console",
        "VM.Migrate",
        "VM.PowerMgmt",
        "VM.Snapshot",
        "VM.Snapshot.Rollback",
    ];

    private static readonly ImmutableArray<string> Elsewhere =
    [
        "Datastore.Allocate",
        "Datastore.AllocateSpace",
        "Datastore.AllocateTemplate",
        "Datastore.Audit",
        "Group.Allocate",
        "Permissions.Modify",
        "Pool.Allocate",
        "Pool.Audit",
        "Realm.Allocate",
        "Realm.AllocateUser",
        "SDN.Allocate",
        "SDN.Audit",
        "SDN.Use",
        "Sys.AccessNetwork",
        "Sys.Audit",
        "Sys.Console",
        "Sys.Incoming",
        "Sys.Modify",
        "Sys.PowerMgmt",
        "Sys.Syslog",
        "User.Modify",
    ];

    private readonly ImmutableDictionary<string, ImmutableHashSet<string>> _roles;

    public Roles(ProxmoxVersion version, ImmutableDictionary<string, ImmutableArray<string>> custom)
    {
        ImmutableArray<string> agent = version.HasGuestAgentPrivileges ? GuestAgent : ["VM.Monitor"];
        ImmutableArray<string> machine = [.. VirtualMachine, .. agent];
        Everything = [.. machine, .. Elsewhere];
        var known = new Dictionary<string, ImmutableArray<string>>(custom)
        {
            ["Administrator"] = [.. Everything],
            ["NoAccess"] = [],
            ["PVEVMAdmin"] = machine,
            ["PVETemplateUser"] = ["VM.Audit", "VM.Clone"],
            ["PVEDatastoreUser"] = ["Datastore.AllocateSpace", "Datastore.Audit"],
            ["PVESDNUser"] = ["SDN.Audit", "SDN.Use"],
            ["PVEAuditor"] = [.. Everything.Where(privilege => privilege.EndsWith(".Audit", StringComparison.Ordinal))],
        };
        _roles = known.ToImmutableDictionary(role => role.Key, role => Checked(role.Key, role.Value));
    }

    public ImmutableHashSet<string> Everything { get; }

    public ImmutableHashSet<string> Privileges(string role) =>
        _roles.TryGetValue(role, out var privileges)
            ? privileges
            : throw new ArgumentException($"No role is named {role}. Known are: {string.Join(", ", _roles.Keys.Order())}.", nameof(role));

    private ImmutableHashSet<string> Checked(string role, ImmutableArray<string> privileges) =>
        privileges.FirstOrDefault(privilege => !Everything.Contains(privilege)) is { } unknown
            ? throw new ArgumentException(
                $"Role {role} names the privilege {unknown}, which this release does not have.",
                nameof(privileges)
            )
            : [.. privileges];
}
