using System.Collections.Immutable;
using Lab.Proxmox.State;
using Lab.Proxmox.Wire;

namespace Lab.Proxmox.Access;

/// <summary>Who may do what where. Paths are `/`, `/vms/250`, `/storage/local`, `/pool/x`, `/nodes/pve`, `/sdn/zones/…`.</summary>
internal sealed class AccessRules(ProxmoxOptions options, Roles roles, Cluster cluster)
{
    private const string Root = "root@pam";
    private static readonly ImmutableArray<string> TopLevel =
    [
        "/",
        "/access",
        "/access/groups",
        "/mapping",
        "/nodes",
        "/pool",
        "/sdn",
        "/storage",
        "/vms",
    ];

    /// <summary>Privilege to whether it also holds below <paramref name="path"/>.</summary>
    public IReadOnlyDictionary<string, bool> PrivilegesAt(string subject, string path)
    {
        if (subject == Root)
            return roles.Everything.ToDictionary(privilege => privilege, _ => true);
        if (!subject.Contains('!', StringComparison.Ordinal))
            return Granted(subject, path);
        var user = PrivilegesAt(subject.Split('!')[0], path);
        if (options.Tokens.First(token => token.Id == subject) is { PrivilegeSeparation: false })
            return user;
        return Granted(subject, path).Where(privilege => user.ContainsKey(privilege.Key)).ToDictionary();
    }

    public bool Has(string subject, string path, params ReadOnlySpan<string> privileges)
    {
        var granted = PrivilegesAt(subject, path);
        foreach (var privilege in privileges)
        {
            if (!granted.ContainsKey(privilege))
                return false;
        }
        return true;
    }

    public void Demand(string subject, string path, string privilege)
    {
        if (!Has(subject, path, privilege))
            throw ApiException.Forbidden($"Permission check failed ({path}, {privilege})");
    }

    public void DemandAny(string subject, string path, params string[] privileges)
    {
        if (!privileges.Any(privilege => Has(subject, path, privilege)))
            throw ApiException.Forbidden($"Permission check failed ({path}, {string.Join('|', privileges)})");
    }

    /// <summary>The paths that `GET /access/permissions` lists when none is asked for.</summary>
    public IEnumerable<string> KnownPaths =>
        TopLevel.Concat(cluster.Acl.Select(entry => entry.Path)).Distinct().Order(StringComparer.Ordinal);

    private Dictionary<string, bool> Granted(string subject, string path)
    {
        var granted = RolesAt(subject, path);
        if (cluster.PoolOf(path) is { } pool)
            granted = granted.Concat(RolesAt(subject, $"/pool/{pool}")).ToList();
        return granted
            .SelectMany(entry => roles.Privileges(entry.Role).Select(privilege => (privilege, entry.Propagate)))
            .GroupBy(grant => grant.privilege)
            .ToDictionary(group => group.Key, group => group.Any(grant => grant.Propagate));
    }

    /// <summary>The rules of the deepest path that has any: a rule further down replaces those above it.</summary>
    private List<AclEntry> RolesAt(string subject, string path)
    {
        var found = new List<AclEntry>();
        foreach (var prefix in Prefixes(path))
        {
            var here = cluster
                .Acl.Where(entry => entry.Subject == subject && entry.Path == prefix && (entry.Propagate || prefix == path))
                .ToList();
            if (here.Count > 0)
                found = here;
        }
        return found;
    }

    private static IEnumerable<string> Prefixes(string path)
    {
        yield return "/";
        var prefix = "";
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            yield return prefix += "/" + part;
    }
}
