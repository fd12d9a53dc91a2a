using System.Collections.Immutable;

namespace Lab.Proxmox;

/// <summary>A storage of every node. Sizes are bytes.</summary>
/// <param name="Content">What it may hold: `images`, `rootdir`, `iso`, `vztmpl`, `backup`, `snippets`.</param>
internal sealed record Storage(string Name, string Type, ImmutableArray<string> Content, long Total, long Used, bool Shared = false, bool HasSnapshots = false)
{
    private const long GiB = 1L << 30;

    public static readonly ImmutableArray<Storage> Defaults =
    [
        new("local", "dir", ["iso", "vztmpl", "backup"], 94 * GiB, 11 * GiB),
        new("local-lvm", "lvmthin", ["images", "rootdir"], 794 * GiB, 35 * GiB, HasSnapshots: true),
    ];

    public bool HoldsImages => Content.Contains("images");

    /// <summary>The name of a volume of this storage, with the owner's folder on storages made of files.</summary>
    public string VolumeId(int vmId, string volume) =>
        Type is "dir" or "nfs" or "cifs" ? $"{Name}:{vmId}/{volume}.qcow2" : $"{Name}:{volume}";
}
