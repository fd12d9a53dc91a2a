using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using RunnerBuild.Remote.Ssh;

namespace RunnerBuild.Applying;

/// <summary>Watches the supervisor until every wanted slot serves.</summary>
internal static class SlotWait
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    // A parked slot is given this long to recover before the run reports it: the reason may be a moment's.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    public static async Task UntilServingAsync(SshMachine machine, AwaitSlots wanted, Action<string> line, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        var said = "";
        while (true)
        {
            var status = await StatusAsync(machine, cancel);
            var missing = status?.Configuration == wanted.Configuration ? [.. wanted.Slots.Where(slot => !Serves(slot, status))] : wanted.Slots;
            if (missing.IsEmpty)
                return;
            var reasons = Reasons(missing, status);
            var elapsed = TimeProvider.System.GetElapsedTime(started);
            if (elapsed > Limit || elapsed > Patience && missing.All(slot => Find(slot, status) is { State: "Parked" }))
                throw new RunnerBuildException(
                    $"{missing.Length} of {wanted.Slots.Length} runners on {machine.Address} do not serve.", reasons,
                    $"Correct the cause and run DeployRunners again. On the host: `sudo {HostPaths.Control} status`, `journalctl -u {HostPaths.ServiceUnit}`.");
            if (reasons != said)
                line(said = reasons);
            await Task.Delay(Pause, cancel);
        }
    }

    private static async Task<SupervisorStatus?> StatusAsync(SshMachine machine, CancellationToken cancel)
    {
        var answer = await machine.RunAsync($"timeout 5 {HostPaths.Control} status --json", [], null, cancel);
        return answer.ExitCode == 0 ? SupervisorStatus.Parse(answer.Output) : null;
    }

    // A busy slot with an older image is left to finish its job: the supervisor rolls it afterwards.
    private static bool Serves(WantedSlot wanted, SupervisorStatus status) =>
        Find(wanted, status) is { } slot && (slot.State == "Busy" || slot.State == "Idle" && slot.Image == wanted.Image);

    private static SlotStatus? Find(WantedSlot wanted, SupervisorStatus? status) => status?.Slots.FirstOrDefault(slot => slot.Name == wanted.Name);

    private static string Reasons(IEnumerable<WantedSlot> missing, SupervisorStatus? status) => status is null
        ? "the supervisor does not answer yet"
        : string.Join('\n', missing.Select(slot => Find(slot, status) is { } have ? $"{slot.Name}: {have.State}{(have.Reason is { } reason ? $", {reason}" : "")}" : $"{slot.Name}: not there yet"));
}
