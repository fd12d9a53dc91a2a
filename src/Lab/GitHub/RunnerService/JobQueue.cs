using Lab.GitHub.Faults;
using Lab.GitHub.Rest;
using Lab.GitHub.State;
using Lab.GitHub.Workflows;

namespace Lab.GitHub.RunnerService;

/// <summary>Gives each queued job to one runner that has its labels, and keeps it while the runner renews its lease.</summary>
internal sealed class JobQueue(GitHubOptions options, GitHubState state, Sessions sessions, Accounts accounts, FaultSwitch faults, TimeProvider time)
{
    private static readonly TimeSpan PickUp = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RepeatCancel = TimeSpan.FromSeconds(10);

    /// <summary>Holds until there is a message for the runner, at most as long as a poll is held; null when there is none.</summary>
    public async Task<BrokerMessage?> NextMessageAsync(long runner, bool listening, CancellationToken aborted)
    {
        using var hold = new CancellationTokenSource(options.PollHold, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(hold.Token, aborted);
        while (true)
        {
            var changed = state.Changed;
            if (state.Change(document => MessageFor(document, runner, listening)) is { } message)
                return message;

            await changed.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (either.IsCancellationRequested)
                return null;
        }
    }

    /// <summary>Takes a message back that did not reach its runner, unless a later poll was given it again.</summary>
    public void Undelivered(BrokerMessage message) => state.Change<object>(document =>
    {
        var job = document.Jobs.Find(j => j.JobId == message.Job);
        if (job?.Deliveries != message.Delivery)
            return null!;

        if (job is { Offered: true })
            job.BackToQueue();
        else
            job.CancelSent = null;
        return true;
    });

    /// <summary>Starts the offered job; null when the runner was not offered it, or it has been started before.</summary>
    public WorkflowJob? Acquire(long runner, Guid request) => state.Change(document =>
    {
        var job = document.Jobs.Find(j => j.RequestId == request && j.RunnerId == runner && j.Offered);
        if (job is null)
            return null;

        job.Status = JobStatus.InProgress;
        job.Started = time.GetUtcNow();
        job.LeasedUntil = time.GetUtcNow() + options.JobLease;
        return job;
    });

    /// <summary>The new end of the lease; null when the job does not run.</summary>
    public DateTimeOffset? Renew(Guid jobId) => state.Change(document =>
        document.Jobs.Find(j => j.JobId == jobId && j.InProgress) is { } job
            ? job.LeasedUntil = time.GetUtcNow() + options.JobLease
            : null);

    /// <summary>Ends the job and, when its runner was for one job, the runner's registration; false when the job does not run.</summary>
    public bool Complete(Guid jobId, Action<WorkflowJob> report) => state.Change<object>(document =>
    {
        if (document.Jobs.Find(j => j.JobId == jobId && j.InProgress) is not { } job)
            return null!;

        report(job);
        Finish(document, job);
        return true;
    }) is not null;

    /// <summary>What time does by itself: unrenewed leases end, offers not taken go back, runners long offline are forgotten.</summary>
    public void Sweep()
    {
        var now = time.GetUtcNow();
        state.Change<object>(document =>
        {
            var late = document.Jobs.Where(job => job.InProgress && job.LeasedUntil < now).ToList();
            late.ForEach(job => Abandon(document, job));

            var untaken = document.Jobs.Where(job => job.Offered && job.Assigned + PickUp < now).ToList();
            untaken.ForEach(job => job.BackToQueue());

            var overdue = document.Jobs.Where(job => job is { InProgress: true, CancelWanted: false } && job.Started + Limit(job) < now).ToList();
            overdue.ForEach(job => job.CancelWanted = true);

            var forgotten = document.Registrations.Where(runner => Forgettable(document, runner, now) || !document.Busy(runner) && Reaped(runner, now)).ToList();
            forgotten.ForEach(runner => Forget(document, runner));
            return late.Count + untaken.Count + overdue.Count + forgotten.Count > 0 ? true : null!;
        });
    }

    /// <summary>Ends the job of a runner that is not heard of any more, as when its lease has run out; false when it has none.</summary>
    public bool EndLease(string runner) => state.Change<object>(document =>
    {
        if (document.Jobs.Find(job => job.InProgress && job.RunnerName == runner) is not { } job)
            return null!;

        Abandon(document, job);
        return true;
    }) is not null;

    /// <summary>Takes the runner's registration, session and untouched offer away.</summary>
    public void Forget(StateDocument document, Registration runner)
    {
        document.Jobs.Where(job => job.Offered && job.RunnerId == runner.Id).ToList().ForEach(job => job.BackToQueue());
        document.Registrations.Remove(runner);
        sessions.Close(runner.Id);
    }

    /// <summary>Marks a job as done and lets the jobs that need it go on.</summary>
    public void Finish(StateDocument document, WorkflowJob job)
    {
        job.Status = JobStatus.Completed;
        job.Completed = time.GetUtcNow();
        job.LeasedUntil = null;
        if (job.RunnerId is { } id && document.Registration(id) is { Ephemeral: true } runner)
            Forget(document, runner);

        foreach (var next in document.JobsOf(job.RunId).Where(j => j.Status == JobStatus.Waiting && j.Needs.Contains(job.Key)))
            Admit(document, next);
        if (document.Runs.Find(run => run.Id == job.RunId) is { } mine)
            mine.Updated = time.GetUtcNow();
    }

    /// <summary>Queues or skips a job, by its condition, once those that it needs have ended.</summary>
    public void Admit(StateDocument document, WorkflowJob next)
    {
        var needed = document.JobsOf(next.RunId).Where(job => next.Needs.Contains(job.Key)).ToList();
        if (!needed.TrueForAll(job => job.Done))
            return;
        var wanted = next.Condition switch
        {
            "always()" => true,
            WorkflowExpression.Never => false,
            "failure()" => needed.Exists(job => job.Conclusion == JobStatus.Failure),
            "cancelled()" => needed.Exists(job => job.Conclusion == JobStatus.Cancelled),
            _ => needed.TrueForAll(job => job.Conclusion == JobStatus.Success),
        };
        if (wanted)
        {
            next.Status = JobStatus.Queued;
            return;
        }
        next.Conclusion = JobStatus.Skipped;
        Finish(document, next);
    }

    private void Abandon(StateDocument document, WorkflowJob job)
    {
        job.Conclusion = job.CancelWanted ? JobStatus.Cancelled : JobStatus.Failure;
        job.Log += $"The self-hosted runner {job.RunnerName} lost communication with the server.\n";
        Finish(document, job);
    }

    private BrokerMessage? MessageFor(StateDocument document, long runner, bool listening)
    {
        if (document.Registration(runner) is not { } registration)
            return null;

        var mine = document.Jobs.Find(job => job.RunnerId == runner && !job.Done);
        if (mine is { InProgress: true })
            return Cancellation(mine);

        if (!listening)
            return null;

        var job = mine ?? document.Jobs.Find(j => j is { Status: JobStatus.Queued, RunnerId: null } && registration.Takes(j) && accounts.Admits(registration, j.Repository));
        return job is null ? null : Offer(job, registration);
    }

    private BrokerMessage Offer(WorkflowJob job, Registration runner)
    {
        job.RunnerId = runner.Id;
        job.RunnerName = runner.Name;
        job.RunnerGroupId = runner.GroupId;
        job.Assigned = time.GetUtcNow();
        return new("RunnerJobRequest", job.JobId, ++job.Deliveries, new
        {
            runner_request_id = job.RequestId,
            run_service_url = $"{options.PublicUrl}/run/",
            should_acknowledge = true,
            billing_owner_id = "1",
        });
    }

    private BrokerMessage? Cancellation(WorkflowJob job)
    {
        var now = time.GetUtcNow();
        if (!job.CancelWanted || job.CancelSent + RepeatCancel > now)
            return null;

        job.CancelSent = now;
        return new("JobCancellation", job.JobId, ++job.Deliveries, new { jobId = job.JobId, timeout = "00:05:00" });
    }

    /// <summary>GitHub takes back just-in-time runners that have waited some minutes for a job, though not always; here by a switch.</summary>
    private bool Reaped(Registration runner, DateTimeOffset now) =>
        runner.Ephemeral && faults.Amount(FaultKind.IdleJit) is { } longest && runner.Created + longest < now;

    private bool Forgettable(StateDocument document, Registration runner, DateTimeOffset now) =>
        !sessions.Online(runner.Id)
        && !document.Busy(runner)
        && runner.Seen + TimeSpan.FromDays(runner.Ephemeral ? 1 : 14) < now;

    private static TimeSpan Limit(WorkflowJob job) => TimeSpan.FromMinutes(Math.Clamp(job.TimeoutMinutes ?? 360, 0, 7200));
}

/// <summary>A message of the broker; the body travels as JSON text inside JSON.</summary>
internal sealed record BrokerMessage(string Type, Guid Job, int Delivery, object Body);
