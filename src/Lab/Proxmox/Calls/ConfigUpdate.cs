using System.Collections.Immutable;
using Lab.Proxmox.Machines;
using Lab.Proxmox.Schema;
using Lab.Proxmox.State;
using Lab.Proxmox.Wire;

namespace Lab.Proxmox.Calls;

/// <summary>A change of a configuration: keys to set, to delete, and pending changes to drop.</summary>
internal sealed record ConfigUpdate(
    string Node,
    int VmId,
    ImmutableSortedDictionary<string, string> Set,
    ImmutableArray<string> Delete,
    ImmutableArray<string> Revert,
    bool Force,
    string? Digest
)
{
    private static readonly ImmutableHashSet<string> Directives =
    [
        "node",
        "vmid",
        "digest",
        "delete",
        "revert",
        "force",
        "skiplock",
        "background_delay",
        "import-working-storage",
        "pool",
        "storage",
        "start",
        "bwlimit",
    ];

    /// <summary>Everything about the request that can be wrong without looking at the guest.</summary>
    public static ConfigUpdate From(ApiRequest request, Site site)
    {
        if (request.Flag("skiplock") && request.Caller != "root@pam")
            throw ApiException.Parameter("skiplock", "Only root may use this option.");
        var set = request
            .Arguments.Keys.Where(key => !Directives.Contains(key))
            .ToImmutableSortedDictionary(key => key, key => request[key], StringComparer.Ordinal);
        var update = new ConfigUpdate(
            request.Node,
            request.VmId,
            set,
            [.. request.List("delete")],
            [.. request.List("revert")],
            request.Flag("force"),
            request.Text("digest")
        );
        update.Check(ConfigParameters.For(site.Version));
        foreach (var key in update.Set.Keys.Concat(update.Delete).Concat(update.Revert))
            ConfigPrivileges.Demand(site, request.Caller, request.VmId, key, update.Set.GetValueOrDefault(key));
        return update with
        {
            Set = set.ToImmutableSortedDictionary(entry => entry.Key, entry => Stored(entry.Key, entry.Value), StringComparer.Ordinal),
        };
    }

    /// <summary>The guest, if it may be changed now.</summary>
    public Guest Target(ClusterContent content)
    {
        var guest = content.UnlockedMachine(Node, VmId);
        if (Digest is not null && Digest != ConfigText.Digest(guest))
            throw ApiException.Internal("checksum mismatch (file change by other user?)");
        if ((Set.ContainsKey("memory") || Set.ContainsKey("balloon")) && Balloon(guest) > ConfigValues.MemoryMiB(After(guest)))
            throw ApiException.Internal("balloon value too large (must be smaller than assigned memory)");
        return guest;
    }

    private long Balloon(Guest guest) =>
        After(guest).TryGetValue("balloon", out var balloon) ? long.Parse(balloon, System.Globalization.CultureInfo.InvariantCulture) : 0;

    private ImmutableSortedDictionary<string, string> After(Guest guest) => guest.Planned.ToImmutableSortedDictionary(StringComparer.Ordinal).SetItems(Set);

    private void Check(ParameterTable keys)
    {
        if (Set.Count + Delete.Length + Revert.Length == 0)
            throw ApiException.Internal("no options specified");
        foreach (var (name, list) in new[] { ("delete", Delete), ("revert", Revert) })
        {
            if (list.FirstOrDefault(Set.ContainsKey) is { } both)
                throw ApiException.Parameter(name, $"you can't use '-{both}' and '-{name} {both}' at the same time");
            if (list.FirstOrDefault(key => keys.Find(key) is null) is { } unknown)
                throw ApiException.Parameter(name, $"unknown option '{unknown}'");
        }
        if (Set.TryGetValue("sshkeys", out var sshKeys) && !SshKeys.AreValid(sshKeys))
            throw ApiException.Internal("SSH public key validation error");
    }

    private static string Stored(string key, string value) =>
        key switch
        {
            "tags" => string.Join(';', Lists.Split(value).Select(tag => tag.ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal)),
            "description" => value.TrimEnd(),
            "cipassword" => value.StartsWith("$5$", StringComparison.Ordinal) ? value : Sha256Crypt.Hash(value),
            _ when ConfigPrivileges.IsNetwork(key) => NetworkCard.Parse(value).ToString(),
            _ => value,
        };
}
