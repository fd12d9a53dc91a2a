namespace RunnerBuild.Diagnosing;

internal enum GitHubFindingLevel { Ok, Warning, Bad }

/// <summary>One thing that was looked at.</summary>
/// <param name="Fix">One line that sets it right; null when nothing has to be.</param>
internal sealed record GitHubFinding(string Subject, GitHubFindingLevel Level, string What, string? Fix = null)
{
    public static GitHubFinding Ok(string subject, string what) => new(subject, GitHubFindingLevel.Ok, what);

    public static GitHubFinding Warning(string subject, string what, string fix) => new(subject, GitHubFindingLevel.Warning, what, fix);

    public static GitHubFinding Bad(string subject, string what, string fix) => new(subject, GitHubFindingLevel.Bad, what, fix);
}
