using System.Collections.Immutable;
using Lab.Proxmox.Schema;

namespace Lab.Proxmox.Machines;

/// <summary>A disk of a guest: the volume, and its options in alphabetic order.</summary>
internal sealed record Drive(string File, ImmutableSortedDictionary<string, string> Options)
{
    private static readonly ParameterTable Keys = new(
        ProxmoxVersion.Known.Select(ProxmoxVersion.Parse).SelectMany(version => DiskParameters.For(version)).SelectMany(disk => disk.Keys).DistinctBy(key => key.Name)
    );

    public bool IsCdrom => Options.GetValueOrDefault("media") == "cdrom";

    public bool IsCloudInit => IsCdrom && Path.GetFileNameWithoutExtension(File).EndsWith("-cloudinit", StringComparison.Ordinal);

    public string Storage => File.Split(':')[0];

    public long? Size => Options.TryGetValue("size", out var size) ? DiskSize.Parse(size) : null;

    public static Drive Parse(string text)
    {
        var values = PropertyStrings.Parse(Keys, text);
        return new(values["file"], values.Remove("file").ToImmutableSortedDictionary(StringComparer.Ordinal));
    }

    public Drive WithSize(long bytes) => this with { Options = Options.SetItem("size", DiskSize.Write(bytes)) };

    public override string ToString() => string.Join(',', Options.Select(option => $"{option.Key}={option.Value}").Prepend(File));
}
