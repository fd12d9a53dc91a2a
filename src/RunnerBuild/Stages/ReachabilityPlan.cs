using System.Collections.Immutable;
using RunnerBuild.Facts;
using RunnerBuild.Planning;

namespace RunnerBuild.Stages;

/// <summary>Whether a machine that should be up answers SSH and has finished its first boot.</summary>
internal static class ReachabilityPlan
{
    public static async Task<ImmutableArray<Change>> DiffAsync(HostSession session, CancellationToken cancel)
    {
        try
        {
            return (await session.FactsAsync(cancel)).CloudInit == CloudInit.Running
                ? [new Change("cloud-init", "state", "running", "done", [new BringUp(session.Name)])]
                : [];
        }
        catch (HostUnreachableException) when (session.Host.Vm is not null)
        {
            return [new Change("ssh", "state", "not answering", "answering", [new BringUp(session.Name)])];
        }
    }
}
