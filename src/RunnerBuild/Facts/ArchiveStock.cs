using System.Globalization;

namespace RunnerBuild.Facts;

/// <summary>The archives of actions that a host keeps.</summary>
/// <param name="Taken">How often jobs took one since the supervisor started; null: it does not say.</param>
internal sealed record ArchiveStock(int Count, long Bytes, long? Taken)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Count} {(Count == 1 ? "archive" : "archives")} of actions, {Bytes / 1e6:0.0} MB; {(Taken is { } taken ? $"taken {taken} {(taken == 1 ? "time" : "times")} since the supervisor started" : "the supervisor does not count how often they are taken")}");

    /// <returns>Null: the host did not say.</returns>
    public static ArchiveStock? Parse(string answer, long? taken) =>
        answer.Trim().Split(' ') is [var count, var bytes] && int.TryParse(count, CultureInfo.InvariantCulture, out var archives) && long.TryParse(bytes, CultureInfo.InvariantCulture, out var size) ? new(archives, size, taken) : null;
}
