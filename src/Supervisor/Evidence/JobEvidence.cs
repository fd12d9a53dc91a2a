using System.Threading.Channels;
using Supervisor.GitHub;
using Supervisor.Slots;
using Supervisor.Systemd;

namespace Supervisor.Evidence;

/// <summary>What outlives runners: the history of jobs, their containers' output in the journal, and the counts for metrics. The reconciler tells it what happened; nothing here holds a slot up.</summary>
internal sealed class JobEvidence : IAsyncDisposable
{
    private static readonly TimeSpan lookUp = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan lastWords = TimeSpan.FromSeconds(5);
    private readonly HistoryFile history;
    private readonly JobTimes times;
    private readonly Journal journal;
    private readonly EventLog log;
    private readonly string logFolder;
    private readonly Channel<(RunnerContainer Container, JobRecord Job)> ended = Channel.CreateUnbounded<(RunnerContainer, JobRecord)>();
    private readonly CancellationTokenSource stop = new();
    private readonly Task writing;
    // Of slots that have had a job and no runner listening since.
    private readonly Dictionary<string, DateTimeOffset> jobEnds = [];

    public JobEvidence(string stateFolder, JobTimes times, Journal journal, EventLog log)
    {
        (this.times, this.journal, this.log) = (times, journal, log);
        history = new HistoryFile(stateFolder);
        logFolder = Directory.CreateDirectory(Path.Combine(stateFolder, "copied")).FullName;
        writing = WriteAsync();
    }

    public Tally Tally { get; } = new();

    /// <summary>Where a slot's container that is about to be followed has its output copied to.</summary>
    public ContainerLog LogOf(string slot, RunnerContainer container) => new(journal, logFolder, slot, container.Id, container.Runner);

    /// <summary>A slot's step came to its end.</summary>
    /// <param name="setback">What came of it for the slot, if it was no good.</param>
    public void Concluded(Slot slot, Outcome outcome, Setback? setback)
    {
        if (setback is not null)
            Tally.Count(PoolOf(slot, (outcome as Outcome.Ended)?.Trace?.Container ?? slot.Container), setback.Kind);
        var progress = outcome switch
        {
            Outcome.SetAside aside => aside.Progress,
            Outcome.Ended end => end.Progress,
            _ => null,
        };
        if (progress is { TookJob: true, Finished: { } finished })
            jobEnds[slot.Name] = finished;
    }

    /// <summary>A container that had a job, of this slot or set aside from it, is gone.</summary>
    public void Ended(Slot slot, Outcome.Ended end)
    {
        if (end is { Trace: { } trace, Progress.TookJob: true })
            ended.Writer.TryWrite((trace.Container, RecordOf(slot, end, trace)));
    }

    /// <summary>A slot shows another condition.</summary>
    public void Shown(Slot slot)
    {
        if (slot is { Condition.Passing: true })
            return;
        // Parked and drained slots take their time for other reasons.
        if (jobEnds.Remove(slot.Name, out var end) && slot is { Condition.State: SlotState.Idle or SlotState.Busy, Progress.Listened: { } listened } && listened > end)
            Tally.CountRecycle(slot.Pool.Name, listened - end);
    }

    /// <summary>What a slot's entries in the journal can be found by.</summary>
    public static (string Name, string? Value)[] FieldsOf(Slot slot) =>
        [("RUNNERBUILD_SLOT", slot.Name), ("RUNNERBUILD_STATE", $"{slot.Condition.State}"), ("RUNNERBUILD_RUNNER", slot.Container?.Runner), ("RUNNERBUILD_JOB", slot.Progress.Job)];

    public async ValueTask DisposeAsync()
    {
        ended.Writer.Complete();
        stop.CancelAfter(lastWords);
        await writing;
        stop.Dispose();
    }

    private static JobRecord RecordOf(Slot slot, Outcome.Ended end, RunnerTrace trace)
    {
        var (progress, job, usage) = (end.Progress, trace.Job, end.Usage);
        var finished = progress.Finished ?? trace.Finished ?? DateTimeOffset.UtcNow;
        return new JobRecord
        {
            Ended = finished,
            Repository = job?.Repository ?? (trace.Container.Scope.IsRepository ? trace.Container.Scope.Path["repos/".Length..] : null),
            Workflow = job?.Workflow, RunId = job?.RunId, RunAttempt = job?.RunAttempt, Event = job?.Event, Job = progress.Job,
            Slot = slot.Name, Pool = PoolOf(slot, trace.Container), Runner = trace.Container.Runner, Image = trace.Container.Image,
            Started = progress.Began, Seconds = Rounded((finished - progress.Began)?.TotalSeconds),
            Conclusion = progress.Result?.ToLowerInvariant() ?? "lost", ExitCode = end.ExitCode, OutOfMemory = end.OutOfMemory,
            PeakMemoryBytes = usage?.PeakMemoryBytes, PeakPids = usage?.PeakPids, CpuSeconds = usage?.CpuSeconds, ReadBytes = usage?.ReadBytes, WrittenBytes = usage?.WrittenBytes,
        };
    }

    // The slot may be another pool's by now.
    private static string PoolOf(Slot slot, RunnerContainer? container) => container?.Pool ?? slot.Pool.Name;

    private static double? Rounded(double? seconds) => seconds is { } known ? Math.Round(known, 3) : null;

    private async Task WriteAsync()
    {
        await foreach (var (container, job) in ended.Reader.ReadAllAsync())
        {
            var record = job with { QueueSeconds = Rounded((await QueueAsync(container, job))?.TotalSeconds) };
            Tally.Count(record);
            log.Information(
                record.Slot, $"history: {record.ToJson()}", ("RUNNERBUILD_SLOT", record.Slot), ("RUNNERBUILD_RUNNER", record.Runner), ("RUNNERBUILD_JOB", record.Job),
                ("RUNNERBUILD_REPOSITORY", record.Repository), ("RUNNERBUILD_RUN_ID", record.RunId?.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                ("RUNNERBUILD_CONCLUSION", record.Conclusion));
            try
            {
                history.Append(record);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                log.Error(record.Slot, $"the history could not be written, the journal has this job: {fault.Message}");
            }
        }
    }

    private async Task<TimeSpan?> QueueAsync(RunnerContainer container, JobRecord job)
    {
        if (job is not { Repository: { } repository, RunId: { } run } || stop.IsCancellationRequested)
            return null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        limit.CancelAfter(lookUp);
        try
        {
            return await times.QueueAsync(container.Scope, repository, run, container.Runner, limit.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
