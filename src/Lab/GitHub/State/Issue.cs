namespace Lab.GitHub.State;

/// <summary>An issue of a repository.</summary>
internal sealed class Issue
{
    public required long Id { get; init; }
    public required int Number { get; init; }
    public required string Repository { get; init; }
    public required string Author { get; init; }
    public required string Title { get; set; }
    public string? Body { get; set; }
    public List<string> Labels { get; set; } = [];
    public string? ClosedBy { get; set; }
    public string? StateReason { get; set; }
    public DateTimeOffset Created { get; init; }
    public DateTimeOffset Updated { get; set; }
    public DateTimeOffset? Closed { get; set; }
    public List<IssueComment> Comments { get; init; } = [];
}

internal sealed record IssueComment(long Id, string Author, string Body, DateTimeOffset Created);
