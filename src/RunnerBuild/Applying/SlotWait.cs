using RunnerBuild.Desired;
using RunnerBuild.Planning;
using RunnerBuild.Remote.Ssh;

namespace RunnerBuild.Applying;

/// <summary>Follows a rollout to its end. A busy slot is given all the time that its job takes; one that has no job is not.</summary>
internal static class SlotWait
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    // A parked slot is given this long to recover before the run reports it: the reason may be a moment's.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <param name="limit">How long a slot without a job may take.</param>
    public static async Task UntilServingAsync(SshMachine machine, AwaitSlots wanted, TimeSpan limit, Action<string> line, CancellationToken cancel)
    {
        var idleSince = new Dictionary<string, long>(StringComparer.Ordinal);
        var said = "";
        while (true)
        {
            var slots = Rollout.Of(wanted, await SupervisorAnswer.ReadAsync(machine, cancel), TimeProvider.System.GetUtcNow());
            var open = slots.Where(slot => slot.Stage is not (SlotStage.Done or SlotStage.Left)).ToList();
            var text = string.Join('\n', (open.Count > 0 ? open : slots.Where(slot => slot.Stage == SlotStage.Left)).Select(slot => slot.Text));
            if (text != said && text.Length > 0)
                line(text);
            // Whose turn comes later, is not late for as long as others come on.
            foreach (var queued in open.Where(slot => slot.Stage == SlotStage.Queued && text != said))
                idleSince.Remove(queued.Name);
            said = text;
            if (open.Count == 0)
                return;
            var stuck = open.Where(slot => slot.Stage != SlotStage.Busy).ToList();
            if (IsHopeless(stuck, idleSince, limit))
                throw new RunnerBuildException(
                    $"{stuck.Count} of {wanted.Slots.Length} runners on {machine.Address} do not serve.", string.Join('\n', stuck.Select(slot => slot.Text)),
                    $"Correct the cause and run DeployRunners again. On the host: `sudo {HostPaths.Control} status`, `journalctl -u {HostPaths.ServiceUnit}`.");
            await Task.Delay(Pause, cancel);
        }
    }

    /// <summary>What the supervisor still has to do, for a run that does not wait for it.</summary>
    public static async Task<string> LeftAsync(SshMachine machine, AwaitSlots wanted, CancellationToken cancel)
    {
        var open = Rollout.Of(wanted, await SupervisorAnswer.ReadAsync(machine, cancel), TimeProvider.System.GetUtcNow()).Where(slot => slot.Stage != SlotStage.Done).ToList();
        return open.Count == 0 ? "every slot serves already" : $"the supervisor goes on by itself:\n{string.Join('\n', open.Select(slot => slot.Text))}";
    }

    private static bool IsHopeless(IReadOnlyList<SlotProgress> stuck, Dictionary<string, long> since, TimeSpan limit)
    {
        foreach (var name in since.Keys.Except(stuck.Select(slot => slot.Name)).ToList())
            since.Remove(name);
        foreach (var slot in stuck)
            since.TryAdd(slot.Name, TimeProvider.System.GetTimestamp());
        var waited = stuck.Select(slot => TimeProvider.System.GetElapsedTime(since[slot.Name])).ToList();
        return waited.Any(time => time > limit)
            || stuck.Any(slot => slot.Stage == SlotStage.Parked) && stuck.All(slot => slot.Stage is SlotStage.Parked or SlotStage.Queued) && waited.All(time => time > Patience);
    }
}
