using System.ComponentModel;
using System.Diagnostics;

namespace Supervisor.Control;

/// <summary><c>runnerctl logs</c>: what a slot's runners wrote, and what the supervisor says of it, out of the journal.</summary>
internal static class SlotLogs
{
    /// <returns>journalctl's exit code.</returns>
    public static async Task<int> ShowAsync(string slot, bool follow)
    {
        try
        {
            using var journal = Process.Start(new ProcessStartInfo("journalctl", ArgumentsFor(slot, follow)) { UseShellExecute = false })!;
            await journal.WaitForExitAsync();
            return journal.ExitCode;
        }
        catch (Win32Exception fault)
        {
            throw new ControlFault($"journalctl cannot be started ({fault.Message}); without systemd's journal there is docker logs {slot}, as long as the container is there.");
        }
    }

    public static IReadOnlyList<string> ArgumentsFor(string slot, bool follow) =>
        ["--quiet", "--output=short-iso", .. follow ? ["--follow", "--lines=100"] : (string[])[], $"CONTAINER_NAME={slot}", "+", $"RUNNERBUILD_SUBJECT={slot}"];
}
