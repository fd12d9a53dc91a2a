using Supervisor.Docker;
using Supervisor.Evidence;
using Supervisor.GitHub;

namespace Supervisor.Slots;

/// <summary>The steps of a slot that change something, each from beginning to end, undone when it cannot be finished.</summary>
internal sealed class SlotWork(DockerEngine engine, RunnerApi api, TimeProvider clock)
{
    private const int NamesToTry = 3;
    private static readonly TimeSpan undoDeadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan outputDeadline = TimeSpan.FromSeconds(5);
    private readonly RunnerFiles files = new(engine);

    /// <summary>Registers a runner and starts a new container for it.</summary>
    /// <param name="report">Told how far it has come.</param>
    public async Task<Outcome> SpawnAsync(MintOrder order, Action<SlotState> report, CancellationToken cancel)
    {
        if (!await engine.HasImageAsync(order.Pool.Image, cancel))
            throw new MissingImage(order.Pool.Image);

        report(SlotState.Minting);
        var scope = GitHubScope.Of(order.Pool.Api, order.Pool.Scope, order.Pool.Credential);
        var minted = await MintAsync(scope, order, cancel);
        string? container = null;
        try
        {
            report(SlotState.Created);
            container = await engine.CreateAsync(order.Slot, ContainerSpec.Of(order, minted.Name, minted.Id), cancel);
            await files.PutAsync(container, order.Pool, minted.Jit, cancel);
            await engine.StartAsync(container, cancel);
            return new Outcome.Spawned(minted.Name);
        }
        catch (Exception)
        {
            await UndoAsync(scope, minted.Id, container);
            throw;
        }
    }

    /// <summary>Removes a container that ended, and the registration of a runner that never had a job.</summary>
    public async Task<Outcome> CleanAsync(RunnerContainer container, RunnerWatch? watch, CancellationToken cancel)
    {
        var state = await engine.InspectAsync(container.Id, cancel);
        var progress = watch is null ? RunnerProgress.None : await watch.FinalAsync(outputDeadline);
        var job = progress.TookJob ? await JobIdentity.ReadAsync(engine, container.Id, cancel) : null;
        await engine.RemoveAsync(container.Id, cancel);
        var started = state is { StartedAt.Year: > 1 };
        return new Outcome.Ended(
            state?.ExitCode ?? 0,
            started ? state!.FinishedAt - state.StartedAt : null,
            state?.OOMKilled ?? false,
            progress,
            progress.TookJob ? null : await TryDeregisterAsync(container.Scope, container.RunnerId, cancel),
            Trace: new RunnerTrace(container, started ? state!.FinishedAt : null, job));
    }

    /// <summary>Gives the slot's name free for the next runner's container.</summary>
    public async Task<Outcome> SetAsideAsync(RunnerContainer container, CancellationToken cancel)
    {
        await engine.RenameAsync(container.Id, container.Runner, cancel);
        return new Outcome.SetAside();
    }

    /// <summary>Takes an idle runner away: GitHub first, which refuses when the runner has a job, and only then the container.</summary>
    public async Task<Outcome> RecycleAsync(RunnerContainer container, CancellationToken cancel)
    {
        switch (await api.DeregisterAsync(container.Scope, container.RunnerId, cancel))
        {
            case Deregistration.Busy:
                return new Outcome.StillBusy();
            case Deregistration.NotFound:
                await api.ConfirmAccessAsync(container.Scope, cancel);
                break;
        }
        // A registration also goes when a job is done, whose runner is then still at its last steps.
        if ((await RunnerWatch.ReadAsync(engine, container.Id, cancel)).TookJob)
            return new Outcome.StillBusy();
        await engine.RemoveAsync(container.Id, cancel);
        return new Outcome.Recycled();
    }

    private async Task<Minted> MintAsync(GitHubScope scope, MintOrder order, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var name = RunnerName.New(order.Host, order.Number, clock.GetUtcNow());
                return await api.MintAsync(scope, order.Pool.Group, name, order.Labels, cancel);
            }
            catch (GitHubFault fault) when (fault.Kind == FaultKind.NameTaken && attempt < NamesToTry)
            {
                // The next name is another one.
            }
        }
    }

    // Not with the caller's cancellation: what was begun has to be undone also when the service stops.
    private async Task UndoAsync(GitHubScope scope, long runnerId, string? container)
    {
        using var limit = new CancellationTokenSource(undoDeadline);
        await TryDeregisterAsync(scope, runnerId, limit.Token);
        try
        {
            if (container is not null)
                await engine.RemoveAsync(container, limit.Token);
        }
        catch (Exception fault) when (fault is DockerFault or OperationCanceledException)
        {
            // The container carries our labels: the next tick finds and cleans it.
        }
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
