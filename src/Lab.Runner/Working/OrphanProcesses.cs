using System.Diagnostics;

namespace Lab.Runner.Working;

/// <summary>Ends the processes that steps left behind, told by the tracking id in their environment.</summary>
internal static class OrphanProcesses
{
    public static void End(string trackingId, Action<string> write)
    {
        foreach (var process in Process.GetProcesses().Where(process => Tracked(process.Id, trackingId)))
        {
            write($"Terminate orphan process: pid ({process.Id}) ({process.ProcessName})");
            process.Kill();
        }
    }

    private static bool Tracked(int process, string trackingId)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/environ").Split('\0').Contains($"RUNNER_TRACKING_ID={trackingId}");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
