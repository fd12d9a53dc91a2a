namespace Lab.GitHub.State;

/// <summary>One job of a run. Statuses and conclusions are the REST API's words.</summary>
internal sealed class WorkflowJob
{
    public required long Id { get; init; }
    public required long RunId { get; init; }
    public required string Key { get; init; }
    public required string Name { get; init; }
    public required string Repository { get; init; }
    public required List<string> Labels { get; init; }
    public required List<JobStep> Steps { get; init; }
    public List<string> Needs { get; init; } = [];
    public Dictionary<string, string> Environment { get; init; } = [];
    public double? TimeoutMinutes { get; init; }
    public string Condition { get; init; } = "success()";
    public JobContainer? Container { get; init; }
    public Dictionary<string, JobContainer> Services { get; init; } = [];
    public Guid JobId { get; init; } = Guid.NewGuid();
    public Guid PlanId { get; init; } = Guid.NewGuid();
    public Guid RequestId { get; init; } = Guid.NewGuid();

    public string Status { get; set; } = JobStatus.Queued;
    public string? Conclusion { get; set; }
    public DateTimeOffset Created { get; init; }
    public DateTimeOffset? Started { get; set; }
    public DateTimeOffset? Completed { get; set; }

    public long? RunnerId { get; set; }
    public string? RunnerName { get; set; }
    public int? RunnerGroupId { get; set; }
    public DateTimeOffset? Assigned { get; set; }
    public DateTimeOffset? LeasedUntil { get; set; }

    /// <summary>How often a message about it was handed to a poll.</summary>
    public int Deliveries { get; set; }
    public bool CancelWanted { get; set; }
    public DateTimeOffset? CancelSent { get; set; }

    public List<StepRecord> StepRecords { get; set; } = [];
    public string Log { get; set; } = "";
    public Dictionary<string, string> StepLogs { get; init; } = [];
    public Dictionary<string, string> Outputs { get; set; } = [];

    public bool InProgress => Status == JobStatus.InProgress;
    public bool Done => Status == JobStatus.Completed;

    /// <summary>Given to a runner that has not acquired it yet.</summary>
    public bool Offered => Status == JobStatus.Queued && RunnerId is not null;

    public void BackToQueue() => (RunnerId, RunnerName, RunnerGroupId, Assigned) = (null, null, null, null);
}

/// <summary>A `run:` step; scripts and environment may hold `${{ }}`.</summary>
internal sealed record JobStep(
    string Name, string Script, string? Id, string Condition, string? Shell, string? WorkingDirectory, Dictionary<string, string> Environment);

/// <summary>A container that the job's steps run in, or that runs beside them.</summary>
/// <param name="Options">For `docker create`.</param>
internal sealed record JobContainer(string Image, string? Options, Dictionary<string, string> Environment, List<string> Ports, List<string> Volumes);

/// <summary>What a runner reported about a step.</summary>
internal sealed record StepRecord(
    string Id, int Number, string Name, string Status, string? Conclusion, DateTimeOffset? Started, DateTimeOffset? Completed);

/// <summary>The words of a job's and a run's life.</summary>
internal static class JobStatus
{
    public const string Waiting = "waiting";
    public const string Queued = "queued";
    public const string InProgress = "in_progress";
    public const string Completed = "completed";

    public const string Success = "success";
    public const string Failure = "failure";
    public const string Cancelled = "cancelled";
    public const string Skipped = "skipped";
}
