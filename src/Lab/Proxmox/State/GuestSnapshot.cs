namespace Lab.Proxmox.State;

/// <summary>A guest's configuration at one moment; its disks are kept by whatever stands behind the guest.</summary>
/// <param name="TakenAt">Seconds since 1970.</param>
internal sealed record GuestSnapshot(string Name, string Description, long TakenAt, string? Parent, SortedDictionary<string, string> Config);
