using RunnerBuild.Remote;

namespace RunnerBuild.Operating;

/// <summary>While this run changes the image, no other does: not from this machine, and on none of the hosts.</summary>
internal sealed class RunTurn : IDisposable
{
    private readonly RunLock? _here;

    private RunTurn(RunLock? here) => _here = here;

    /// <summary>A dry run looks without asking anybody. Errors: <see cref="RunnerBuildException"/> with who is at work since when.</summary>
    public static async Task<RunTurn> TakeAsync(Site site, string target, CancellationToken cancel)
    {
        // A machine that is off must not keep the others from their image.
        await site.EachLeftAsync(session => session.MachineAsync(cancel));
        if (site.Options.DryRun)
            return new RunTurn(null);
        var holder = RunHolder.Of(target);
        var turn = new RunTurn(RunLock.Take(site.Fleet.File, holder));
        try
        {
            await site.EachAsync(async session => session.Guard = await HostGuard.TakeAsync(await session.MachineAsync(cancel), holder, alone: true, cancel));
            return turn;
        }
        catch (RunnerBuildException)
        {
            turn.Dispose();
            throw;
        }
    }

    public void Dispose() => _here?.Dispose();
}
