using System.Globalization;

namespace RunnerBuild.Facts;

/// <summary>The archives of actions that a host keeps.</summary>
internal sealed record ArchiveStock(int Count, long Bytes)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Count} {(Count == 1 ? "archive" : "archives")} of actions, {Bytes / 1e6:0.0} MB; how often jobs took one is not known: each runner writes it into its own worker log (`Found action archive`), which goes with it");

    /// <returns>Null: the host did not say.</returns>
    public static ArchiveStock? Parse(string answer) =>
        answer.Trim().Split(' ') is [var count, var bytes] && int.TryParse(count, CultureInfo.InvariantCulture, out var archives) && long.TryParse(bytes, CultureInfo.InvariantCulture, out var size) ? new(archives, size) : null;
}
