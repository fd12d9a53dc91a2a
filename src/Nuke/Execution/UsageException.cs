namespace Nuke.Common.Execution;

/// <summary>Wrong usage or configuration, found before a target ran: every problem on a line of its own. Ends with exit code 2.</summary>
internal sealed class UsageException(params IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
