namespace Lab.Proxmox;

/// <summary>The release that is played, and what differs between releases.</summary>
internal sealed record ProxmoxVersion(int Major, int Minor)
{
    public const string Newest = "9.1";

    public static readonly string[] Known = [Newest, "8.4", "7.4"];

    public static ProxmoxVersion Parse(string text) =>
        text switch
        {
            "9.1" => new(9, 1),
            "8.4" => new(8, 4),
            "7.4" => new(7, 4),
            _ => throw new ArgumentException($"The Proxmox version is {text}. It can be 9.1, 8.4 or 7.4.", nameof(text)),
        };

    public string Release => $"{Major}.{Minor}";

    public bool HasGuestAgentPrivileges => Major >= 9;

    public bool HasImportContent => Major >= 9 || (Major == 8 && Minor >= 4);

    public bool HasCiUpgrade => Major >= 8;

    public bool ResizesInTask => Major >= 8;

    public bool ExecTakesArray => Major >= 8;

    public bool NeedsSdnUse => Major >= 8;

    public bool MemoryIsPropertyString => Major >= 8;

    public bool TakesJsonBooleans => Major >= 8;

    public bool PutsMessageInBody => Major >= 8;

    public bool ReadsFilesInParts => Major >= 9;

    /// <summary>The largest body in bytes.</summary>
    public long BodyLimit => Major >= 8 ? 512 * 1024 : 64 * 1024;

    public int LowestVmId => Major >= 8 ? 100 : 1;
}
