using System.Text.RegularExpressions;

namespace Supervisor.Slots;

internal enum RunnerStage { Starting, Listening, Running, Completed }

/// <summary>How far a runner has come, read from its output. It only ever moves forward: a later line cannot make a busy runner look idle.</summary>
/// <param name="Job">Name of the job it took.</param>
/// <param name="Result"><c>Succeeded</c>, <c>Failed</c>, <c>Canceled</c>.</param>
/// <param name="LastLine">Its last words before it took a job.</param>
/// <param name="Listened">When it began to listen for jobs.</param>
/// <param name="Began">When the job began.</param>
/// <param name="Finished">When the job ended.</param>
internal sealed partial record RunnerProgress(
    RunnerStage Stage, string? Job = null, string? Result = null, string? LastLine = null,
    DateTimeOffset? Listened = null, DateTimeOffset? Began = null, DateTimeOffset? Finished = null)
{
    private const int Longest = 200;

    public static readonly RunnerProgress None = new(RunnerStage.Starting);

    public bool TookJob => Stage >= RunnerStage.Running;

    public RunnerProgress After(string line, DateTimeOffset? at = null)
    {
        if (line.Length == 0)
            return this;
        if (Stage < RunnerStage.Listening && Listening().IsMatch(line))
            return this with { Stage = RunnerStage.Listening, LastLine = Readable(line), Listened = at };
        if (Stage < RunnerStage.Running && Running().Match(line) is { Success: true } running)
            return this with { Stage = RunnerStage.Running, Job = Readable(running.Groups["job"].Value), LastLine = null, Began = at };
        if (Stage == RunnerStage.Running && Completed().Match(line) is { Success: true } completed)
            return this with { Stage = RunnerStage.Completed, Result = completed.Groups["result"].Value, Finished = at };
        return TookJob ? this : this with { LastLine = Readable(line) };
    }

    /// <summary>What comes from a job is shown on terminals: no control characters, no endless text.</summary>
    public static string Readable(string text)
    {
        var plain = string.Concat(text.Where(character => !char.IsControl(character))).Trim();
        return plain.Length <= Longest ? plain : plain[..Longest];
    }

    [GeneratedRegex(@"^(\S+ \S+Z: )?Listening for Jobs\s*$")]
    private static partial Regex Listening();

    [GeneratedRegex(@"^(\S+ \S+Z: )?Running job: (?<job>.+)$")]
    private static partial Regex Running();

    [GeneratedRegex(@"^(\S+ \S+Z: )?Job .* completed with result: (?<result>\w+)\s*$")]
    private static partial Regex Completed();
}
