using System.Globalization;
using Lab.Proxmox.Machines;
using Lab.Proxmox.Schema;

namespace Lab.Proxmox.Calls;

/// <summary>Reads single values of a configuration, with the server's defaults where they are absent.</summary>
internal static class ConfigValues
{
    private static readonly ProxmoxVersion Newest = new(9, 1);
    private static readonly ParameterTable NewestKeys = ConfigParameters.For(Newest);
    private static readonly string[] BootDisks = ["scsi0", "virtio0", "sata0", "ide0"];

    public static int Cores(IReadOnlyDictionary<string, string> config) => Number(config, "cores", 1) * Number(config, "sockets", 1);

    public static long MemoryMiB(IReadOnlyDictionary<string, string> config) =>
        long.Parse(
            (config.GetValueOrDefault("memory") ?? "512").Replace("current=", "", StringComparison.Ordinal),
            CultureInfo.InvariantCulture
        );

    public static bool HasAgent(IReadOnlyDictionary<string, string> config) =>
        config.GetValueOrDefault("agent") is { } agent
        && PropertyStrings.Parse(new(NewestKeys.Find("agent")!.Keys), agent).GetValueOrDefault("enabled") == "1";

    /// <summary>The size in bytes of the first disk, 0 without one.</summary>
    public static long BootDiskSize(IReadOnlyDictionary<string, string> config) =>
        BootDisks.Where(config.ContainsKey).Select(key => Drive.Parse(config[key])).FirstOrDefault(drive => !drive.IsCdrom)?.Size ?? 0;

    public static bool IsNumber(string key, ProxmoxVersion version) =>
        key == "memory"
            ? !version.MemoryIsPropertyString
            : NewestKeys.Find(key)?.Kind is ValueKind.Integer or ValueKind.Boolean or ValueKind.Number;

    private static int Number(IReadOnlyDictionary<string, string> config, string key, int otherwise) =>
        config.TryGetValue(key, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
