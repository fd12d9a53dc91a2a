namespace Lab.Hosts;

/// <summary>Tells a machine that stopped because the lab's machine went down from one that was shut down: only the former is started again.</summary>
internal sealed record BootMarker(string File)
{
    private const string BootId = "/proc/sys/kernel/random/boot_id";

    /// <summary>True when the machine was started, not stopped since, and the lab's machine has booted in between.</summary>
    public bool IsFromEarlierBoot => System.IO.File.Exists(File) && System.IO.File.ReadAllText(File) != Current();

    public void Set() => System.IO.File.WriteAllText(File, Current());

    public void Clear() => System.IO.File.Delete(File);

    private static string Current() => System.IO.File.ReadAllText(BootId);
}
