using System.Collections.Immutable;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using RunnerBuild.Remote.Ssh;

namespace RunnerBuild.Applying;

/// <summary>Takes slots out of service and gives them back: idle runners go at once, running jobs end by themselves.</summary>
internal static class Draining
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private const string Command = """
        set -eu
        verb=$1; shift
        if [ $# = 0 ]; then exec /opt/github-runners/bin/runnerctl "$verb"; fi
        for slot; do /opt/github-runners/bin/runnerctl "$verb" "$slot"; done
        """;

    /// <param name="slots">Empty: all.</param>
    public static Task DrainAsync(SshMachine machine, ImmutableArray<string> slots, CancellationToken cancel) =>
        machine.CheckAsync("Draining", Command, ["drain", .. slots], null, cancel);

    /// <param name="slots">Empty: all.</param>
    public static Task ResumeAsync(SshMachine machine, ImmutableArray<string> slots, CancellationToken cancel) =>
        machine.CheckAsync("Resuming", Command, ["resume", .. slots], null, cancel);

    /// <summary>Waits until drained slots are empty. Errors: <see cref="RunnerBuildException"/> with the jobs that are left when the time is up.</summary>
    /// <param name="slots">Empty: all.</param>
    /// <param name="own">The slot whose job this run is: waiting for it would never end.</param>
    /// <param name="limit">Null: as long as the jobs take.</param>
    public static async Task WaitAsync(
        SshMachine machine, ImmutableArray<string> slots, string? own, TimeSpan? limit, Action<string> line, CancellationToken cancel)
    {
        var (started, answered) = (TimeProvider.System.GetTimestamp(), TimeProvider.System.GetTimestamp());
        for (var said = ""; ; await Task.Delay(Pause, cancel))
        {
            if (await SupervisorAnswer.ReadAsync(machine, cancel) is not { } status)
            {
                if (TimeProvider.System.GetElapsedTime(answered) > Silence)
                    throw new RunnerBuildException(
                        $"The supervisor on {machine.Address} does not answer.", "So it is not known which jobs still run.", $"`systemctl status {HostPaths.ServiceUnit}` on the host; then the same target again.");
                continue;
            }

            answered = TimeProvider.System.GetTimestamp();
            var left = status.Slots.Where(slot => (slots.IsEmpty || slots.Contains(slot.Name)) && slot is not { State: "Empty", Container: null }).ToList();
            if (left.RemoveAll(slot => slot.Name == own) > 0 && left.Count == 0)
                line($"{own}: handed over to the supervisor: this run is its job, and it takes no other");
            if (left.Count == 0)
                return;
            var text = string.Join('\n', left.Select(slot => $"{slot.Name}: {StateOf(slot)}"));
            if (TimeProvider.System.GetElapsedTime(started) > limit)
                throw new RunnerBuildException(
                    $"After {limit.Value.TotalSeconds:0} s, {left.Count} {(left.Count == 1 ? "slot is" : "slots are")} not empty on {machine.Address}.", text,
                    "They take no new jobs. Wait for these with a longer --timeout, or go back with Resume.");
            if (text != said)
                line(said = text);
        }
    }

    // One that cannot be taken away says why.
    private static string StateOf(SlotStatus slot) =>
        slot.State == "Busy" ? Rollout.Job(slot, TimeProvider.System.GetUtcNow()) : slot.Reason is { } reason ? $"{slot.State}, {reason}" : slot.State;
}
