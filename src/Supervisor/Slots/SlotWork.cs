using Supervisor.Cgroups;
using Supervisor.Docker;
using Supervisor.Evidence;
using Supervisor.GitHub;
using Supervisor.Jobs;
using Supervisor.Refresh;

namespace Supervisor.Slots;

/// <summary>The steps of a slot that change something, each from beginning to end, undone when it cannot be finished.</summary>
internal sealed class SlotWork(DockerEngine engine, JobEngines jobs, JobGroups groups, ComposeFile compose, RefreshDoors doors, RunnerApi api, TimeProvider clock)
{
    private const int NamesToTry = 3;
    private static readonly TimeSpan undoDeadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan outputDeadline = TimeSpan.FromSeconds(5);
    private readonly RunnerFiles files = new(engine);

    /// <summary>Registers a runner and starts a new container for it.</summary>
    /// <param name="report">Told how far it has come.</param>
    /// <param name="naming">Told each name before GitHub hears of it.</param>
    public async Task<Outcome> SpawnAsync(MintOrder order, Action<SlotState> report, Action<string> naming, CancellationToken cancel)
    {
        if (!await engine.HasImageAsync(order.Pool.Image, cancel))
            throw new MissingImage(order.Pool.Image);

        report(SlotState.Minting);
        var scope = GitHubScope.Of(order.Pool.Api, order.Pool.Scope, order.Pool.Credential);
        var minted = await MintAsync(scope, order, naming, cancel);
        var mode = jobs.Of(order.Pool.Docker);
        var job = new JobPlace(order.Slot, minted.Name, null);
        string? container = null;
        var startAsked = false;
        try
        {
            report(SlotState.Created);
            job = job with { CgroupParent = await groups.OpenAsync(minted.Name, order.Pool, await AliveAsync(order.Host, cancel), cancel) };
            var plain = ContainerSpec.Of(order, minted.Name, minted.Id, job.CgroupParent, await compose.MarksAsync(order.Slot, cancel));
            var spec = await mode.PrepareAsync(job, doors.Into(plain, order), cancel);
            container = await engine.CreateAsync(order.Slot, spec, cancel);
            var jit = mode.WorkFolderOf(job) is { } folder ? minted.Jit.WithWorkFolder(folder) : minted.Jit;
            await files.PutAsync(container, order.Pool, jit, mode.FilesFor(job, order.Pool), cancel);
            startAsked = true;
            await engine.StartAsync(container, cancel);
            return new Outcome.Spawned(minted.Name);
        }
        catch (Exception)
        {
            await UndoAsync(scope, minted.Id, container, startAsked, mode, job);
            throw;
        }
    }

    /// <summary>Lets a job that was started before this program was go on using its Docker.</summary>
    public void Resume(RunnerContainer container) => jobs.Of(container.Docker).Resume(container.Place, container.Marks);

    /// <summary>Removes a container that ended with all that its job left, and the registration of a runner that did not complete a job: GitHub takes only those away itself.</summary>
    public async Task<Outcome> CleanAsync(RunnerContainer container, RunnerWatch? watch, CancellationToken cancel)
    {
        var state = await engine.InspectAsync(container.Id, cancel);
        var progress = watch is null ? RunnerProgress.None : await watch.FinalAsync(outputDeadline);
        var job = progress.TookJob && state is not null ? await JobIdentity.ReadAsync(engine, container.Id, cancel) : null;
        var usage = await RemoveAsync(container, cancel);
        var started = state is { StartedAt.Year: > 1 };
        // One that had its time for a farewell runs still.
        var ended = started ? state!.FinishedAt > state.StartedAt ? state.FinishedAt : clock.GetUtcNow() : (DateTimeOffset?)null;
        return new Outcome.Ended(
            state?.ExitCode ?? 0,
            ended - state?.StartedAt,
            state?.OOMKilled ?? false,
            progress,
            progress.Stage == RunnerStage.Completed || !container.IsRegistered ? null : await TryDeregisterAsync(container.Scope, container.RunnerId, cancel),
            usage,
            Trace: new RunnerTrace(container, ended, job));
    }

    /// <summary>Gives the slot's name free for the next runner's container.</summary>
    public async Task<Outcome> SetAsideAsync(RunnerContainer container, RunnerProgress progress, CancellationToken cancel)
    {
        await engine.RenameAsync(container.Id, container.Runner, cancel);
        return new Outcome.SetAside(progress);
    }

    /// <summary>Takes an idle runner away: GitHub first, which refuses when the runner has a job, and only then the container.</summary>
    public async Task<Outcome> RecycleAsync(RunnerContainer container, CancellationToken cancel)
    {
        if (!await LetsGoAsync(container.Scope, container.RunnerId, container.Id, cancel))
            return new Outcome.StillBusy();
        await RemoveAsync(container, cancel);
        return new Outcome.Recycled();
    }

    // The container goes last of what Docker has of the job: while it is there, a clean-up that broke off is done again.
    private async Task<JobUsage?> RemoveAsync(RunnerContainer container, CancellationToken cancel)
    {
        var mode = jobs.Of(container.Docker);
        await mode.CleanAsync(container.Runner, cancel);
        var used = JobGroups.Read(container.Place.CgroupParent);
        await engine.RemoveAsync(container.Id, cancel);
        try
        {
            await mode.ForgetAsync(container.Runner, cancel);
        }
        catch (DockerFault)
        {
            // The next clean-up finds it; the job must have its line in the history all the same.
        }
        return await groups.CloseAsync(container.Place.CgroupParent) ?? used;
    }

    private async Task<IReadOnlySet<string>> AliveAsync(string host, CancellationToken cancel) =>
        (await engine.ListAsync($"{ContainerLabels.Host}={host}", cancel)).Select(container => RunnerContainer.Of(container).Runner).ToHashSet();

    private async Task<Minted> MintAsync(GitHubScope scope, MintOrder order, Action<string> naming, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var name = RunnerName.New(order.Host, order.Number, clock.GetUtcNow());
                naming(name);
                return await api.MintAsync(scope, order.Pool.Group, name, order.Labels, cancel);
            }
            catch (GitHubFault fault) when (fault.Kind == FaultKind.NameTaken && attempt < NamesToTry)
            {
                // The next name is another one.
            }
        }
    }

    // Not with the caller's cancellation: what was begun has to be undone also when the service stops.
    private async Task UndoAsync(GitHubScope scope, long runnerId, string? container, bool startAsked, JobEngine mode, JobPlace job)
    {
        using var limit = new CancellationTokenSource(undoDeadline);
        try
        {
            if (container is null || !startAsked)
                await TryDeregisterAsync(scope, runnerId, limit.Token);
            // The engine may have started it though its answer was lost, and GitHub may have given it a job since.
            else if (!await LetsGoAsync(scope, runnerId, container, limit.Token))
                return;
            if (container is not null)
                await engine.RemoveAsync(container, limit.Token);
            await mode.ForgetAsync(job.Runner, limit.Token);
            await groups.CloseAsync(job.CgroupParent);
        }
        catch (Exception fault) when (fault is OperationCanceledException || Setback.Of(fault) is not null)
        {
            // The container carries our labels: the next tick finds it, and cleans it or lets it serve.
        }
    }

    /// <summary>Takes a runner's registration away, unless it has a job.</summary>
    /// <param name="runnerId">0: it has none.</param>
    private async Task<bool> LetsGoAsync(GitHubScope scope, long runnerId, string container, CancellationToken cancel)
    {
        switch (runnerId == 0 ? Deregistration.Deleted : await api.DeregisterAsync(scope, runnerId, cancel))
        {
            case Deregistration.Busy:
                return false;
            case Deregistration.NotFound:
                await api.ConfirmAccessAsync(scope, cancel);
                break;
        }
        // A registration also goes when a job is done, whose runner is then still at its last steps.
        return !(await RunnerWatch.ReadAsync(engine, container, cancel)).TookJob;
    }

    private async Task<string?> TryDeregisterAsync(GitHubScope scope, long runnerId, CancellationToken cancel)
    {
        try
        {
            await api.DeregisterAsync(scope, runnerId, cancel);
            return null;
        }
        catch (GitHubFault fault)
        {
            return fault.Message;
        }
        catch (OperationCanceledException)
        {
            return "The service stopped meanwhile.";
        }
    }
}
