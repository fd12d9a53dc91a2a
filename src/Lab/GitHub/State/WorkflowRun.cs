namespace Lab.GitHub.State;

/// <summary>One run of a workflow; its status follows from its jobs.</summary>
internal sealed class WorkflowRun
{
    public required long Id { get; init; }
    public required long WorkflowId { get; init; }
    public required string Name { get; init; }
    public required string Title { get; init; }
    public required string Path { get; init; }
    public required string Repository { get; init; }
    public required string Event { get; init; }
    public required string Branch { get; init; }
    public required int Number { get; init; }
    public required string Actor { get; init; }
    public Dictionary<string, string> Inputs { get; init; } = [];
    public DateTimeOffset Created { get; init; }
    public DateTimeOffset Updated { get; set; }
}

/// <summary>What a run's jobs amount to.</summary>
internal sealed record RunOutcome(string Status, string? Conclusion)
{
    public static RunOutcome Of(IReadOnlyCollection<WorkflowJob> jobs)
    {
        if (jobs.Any(job => !job.Done))
            return new(jobs.Any(job => job.InProgress || job.Done) ? JobStatus.InProgress : JobStatus.Queued, null);

        string[] worstFirst = [JobStatus.Cancelled, JobStatus.Failure, JobStatus.Success];
        return new(JobStatus.Completed, worstFirst.FirstOrDefault(c => jobs.Any(job => job.Conclusion == c)) ?? JobStatus.Skipped);
    }
}
