using System.Globalization;

namespace Supervisor.Slots;

/// <summary>Judges how a runner ended: by how long it lived and whether it took a job, for its exit code is 0 for most failures.</summary>
internal static class RunnerEnd
{
    /// <returns>Null for a normal end, which includes an idle runner that GitHub sent home.</returns>
    public static Setback? SetbackOf(Outcome.Ended end, Timing timing)
    {
        if (end.Progress.TookJob || end.Lifetime is not { } lifetime)
            return null;
        if (Known(end) is { } known)
            return new Setback(SetbackKind.RunnerFailed, known);
        if (lifetime >= timing.ShortLife && end.Progress.Stage == RunnerStage.Listening)
            return null;

        var seconds = lifetime.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        var words = end.Progress.LastLine is { } line ? $"; its last words: {line}" : " and said nothing";
        return new Setback(SetbackKind.RunnerFailed, $"The runner ended after {seconds} s with exit code {end.ExitCode} without taking a job{words}.");
    }

    private static string? Known(Outcome.Ended end) => end switch
    {
        { ExitCode: 7 } => "GitHub no longer accepts the runner program's version (exit code 7): run BuildCustomImage with a newer runner version, then DeployRunners.",
        { ExitCode: 3 or 4 } => $"The runner stopped to update itself (exit code {end.ExitCode}), which a container cannot keep: run BuildCustomImage with a newer runner version, then DeployRunners.",
        { OutOfMemory: true } => "The runner was killed because it used all its memory before it took a job: give its pool more memory.",
        _ => null,
    };
}
