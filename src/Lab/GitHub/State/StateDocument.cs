using System.Security.Cryptography;

namespace Lab.GitHub.State;

/// <summary>All that outlives a restart of the double.</summary>
internal sealed class StateDocument
{
    private const int FinishedJobsKept = 200;

    public long LastId { get; set; } = 100;

    /// <summary>Signs job tokens and log addresses.</summary>
    public byte[] SigningKey { get; init; } = RandomNumberGenerator.GetBytes(32);

    public List<Registration> Registrations { get; init; } = [];
    public List<WorkflowRun> Runs { get; init; } = [];
    public List<WorkflowJob> Jobs { get; init; } = [];
    public List<Issue> Issues { get; init; } = [];

    public long NextId() => ++LastId;

    public Registration? Registration(long id) => Registrations.Find(r => r.Id == id);

    public List<WorkflowJob> JobsOf(long run) => [.. Jobs.Where(job => job.RunId == run)];

    public bool Busy(Registration runner) => Jobs.Any(job => job.RunnerId == runner.Id && !job.Done);

    public void ForgetOldJobs()
    {
        var finished = Jobs.Where(job => job.Done).OrderByDescending(job => job.Completed).Skip(FinishedJobsKept).ToHashSet();
        if (finished.Count == 0)
            return;

        Jobs.RemoveAll(finished.Contains);
        Runs.RemoveAll(run => Jobs.TrueForAll(job => job.RunId != run.Id));
    }
}
