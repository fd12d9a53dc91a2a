using System.Collections.Immutable;
using System.Text.Json;

namespace RunnerBuild.Verifying;

/// <summary>What went wrong in one part of a night.</summary>
internal sealed record NightlyFailure(string Target, string What, string Why, string Fix)
{
    public static NightlyFailure Of(string target, RunnerBuildException fault) => new(target, fault.What, fault.Why, fault.Fix);
}

/// <summary>One night: what was refreshed, what was looked at, and what is wrong.</summary>
/// <param name="Refresh">Null: it did not come to its end.</param>
internal sealed record NightlyReport(
    string Fleet, DateTimeOffset Began, DateTimeOffset Ended, RefreshReport? Refresh, ImmutableArray<Check> Checks, ImmutableArray<NightlyFailure> Failures)
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>What became of the archives of actions; null: no host wants them, or it failed.</summary>
    public string? Archives { get; init; }

    public bool Good => Failures.IsEmpty;

    /// <summary>For the summary.</summary>
    public string Sentence => Good ? $"good: {Refresh!.Sentence}; {Checks.Length} checks" : string.Join("; ", Failures.Select(failure => $"{failure.Target}: {failure.What}"));

    public string ToJson() => Redaction.Mask(JsonSerializer.Serialize(this, Readable));

    /// <summary>Errors: <see cref="RunnerBuildException"/> when something is wrong.</summary>
    public void RequireGood()
    {
        if (Failures is [var first, ..])
            throw new RunnerBuildException(
                $"The night was not good: {string.Join(" and ", Failures.Select(failure => failure.Target).Distinct())} failed.",
                string.Join('\n', Failures.Select(failure => $"{failure.Target}: {failure.What} {failure.Why}")), first.Fix);
    }
}
