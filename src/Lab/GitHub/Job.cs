using System.Collections.Immutable;
using Lab.GitHub.State;

namespace Lab.GitHub;

/// <summary>A job as it is at one moment. Status `waiting`, `queued`, `in_progress` or `completed`; conclusion null until then.</summary>
/// <param name="Log">What its steps wrote, each line with its time; whole once the job is completed.</param>
internal sealed record Job(
    long Id,
    long RunId,
    string Name,
    string Repository,
    ImmutableArray<string> Labels,
    string Status,
    string? Conclusion,
    long? RunnerId,
    string? RunnerName,
    DateTimeOffset Created,
    DateTimeOffset? Started,
    DateTimeOffset? Completed,
    ImmutableDictionary<string, string> Outputs,
    string Log)
{
    public static Job Of(WorkflowJob job) => new(
        job.Id,
        job.RunId,
        job.Name,
        job.Repository,
        [.. job.Labels],
        job.Status,
        job.Conclusion,
        job.Offered ? null : job.RunnerId,
        job.Offered ? null : job.RunnerName,
        job.Created,
        job.Started,
        job.Completed,
        job.Outputs.ToImmutableDictionary(),
        job.Log);
}

/// <summary>A registration as it is at one moment; the scope reads `orgs/acme`.</summary>
internal sealed record Runner(long Id, string Name, string Scope, ImmutableArray<string> Labels, bool Online, bool Busy, string Version);
