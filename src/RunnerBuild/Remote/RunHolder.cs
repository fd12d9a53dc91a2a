using System.Globalization;

namespace RunnerBuild.Remote;

/// <summary>Who holds a lock, for people.</summary>
internal sealed record RunHolder(string Target, string Who, int Process, DateTimeOffset Since)
{
    public static RunHolder Of(string target) =>
        new(target, $"{Environment.UserName}@{Environment.MachineName}", Environment.ProcessId, TimeProvider.System.GetUtcNow());

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Target} of {Who} (process {Process}) since {Since:yyyy-MM-dd HH:mm:ss} UTC");

    /// <param name="where">What is locked, such as `on debian@192.168.1.20:22`.</param>
    public static RunnerBuildException Refusal(string where, string holder) => new(
        "Another run is at work on these runners.", $"{(holder.Length > 0 ? holder : "Somebody")} holds the lock {where}.",
        "Nothing was changed. Run it again when that one has ended; one that was killed holds nothing.");
}
