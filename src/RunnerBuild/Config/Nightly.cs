namespace RunnerBuild.Config;

/// <summary>When the controller machine looks after the fleet by itself, and whom it tells.</summary>
/// <param name="At">Time of that machine's day, such as `03:30`.</param>
/// <param name="SpreadMinutes">It begins up to so many minutes later.</param>
/// <param name="Keep">How many reports are kept.</param>
/// <param name="Issues">The repository in which an issue says that it fails; null: none does.</param>
internal sealed record Nightly(string At, int SpreadMinutes, int Keep, GitHubScope? Issues);
