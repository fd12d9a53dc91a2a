namespace Lab.Proxmox.Schema;

/// <summary>Lists in one value: elements end at NUL if there is one, else at comma, semicolon or white space.</summary>
internal static class Lists
{
    public static string[] Split(string value) =>
        value.Contains('\0')
            ? value.Split('\0', StringSplitOptions.RemoveEmptyEntries)
            : value.Split([',', ';', ' ', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
}
