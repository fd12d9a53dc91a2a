using System.Globalization;

namespace Supervisor.Slots;

/// <summary>Judges how a runner ended: by how long it lived and whether it took a job, for its exit code is 0 for most failures.</summary>
internal static class RunnerEnd
{
    // One idle runner sent home, or two, are GitHub's way; more is a loop.
    private const int MostInARow = 2;

    /// <param name="inARow">How many runners of the slot ended without a job since one had a job or lived long, this one included.</param>
    /// <returns>Null for a normal end, which includes an idle runner that GitHub sent home.</returns>
    public static Setback? SetbackOf(Outcome.Ended end, int inARow, Timing timing)
    {
        if (end.Progress.TookJob || end.Lifetime is not { } lifetime)
            return null;
        if (Known(end) is { } known)
            return known;
        if (lifetime >= timing.ShortLife && end.Progress.Stage == RunnerStage.Listening && (inARow <= MostInARow || lifetime >= timing.LongLife))
            return null;

        var seconds = lifetime.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        var words = end.Progress.LastLine is { } line ? $"; its last words: {line}" : " and said nothing";
        return new Setback(SetbackKind.RunnerFailed, inARow <= MostInARow
            ? $"The runner ended after {seconds} s with exit code {end.ExitCode} without taking a job{words}."
            : $"{inARow} runners in a row ended without taking a job, the last after {seconds} s with exit code {end.ExitCode}{words}.");
    }

    private static Setback? Known(Outcome.Ended end) => end switch
    {
        { ExitCode: 7 } => Outworn("GitHub no longer accepts the runner program's version (exit code 7)"),
        { ExitCode: 3 or 4 } => Outworn($"The runner stopped to update itself (exit code {end.ExitCode}), which a container cannot keep"),
        { OutOfMemory: true } => new Setback(SetbackKind.RunnerFailed, "The runner was killed because it used all its memory before it took a job: give its pool more memory."),
        _ => null,
    };

    private static Setback Outworn(string what) => new(
        SetbackKind.RunnerOutworn, $"{what}: run BuildCustomImage with a newer runner version, then DeployRunners. The slot waits for that; runnerctl resume tries once more.");
}
