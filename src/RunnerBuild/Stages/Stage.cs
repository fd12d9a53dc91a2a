using System.Collections.Immutable;
using RunnerBuild.Planning;

namespace RunnerBuild.Stages;

/// <summary>One part of the way from a bare machine to serving runners; the same walk for each: observe, plan, apply, observe again.</summary>
internal abstract class Stage
{
    /// <summary>The target's name, as people know it.</summary>
    public abstract string Name { get; }

    /// <summary>Only looks. Empty: nothing to do.</summary>
    public abstract Task<ImmutableArray<Change>> PlanAsync(HostSession session, CancellationToken cancel);

    public abstract Task ApplyAsync(HostSession session, ImmutableArray<Change> changes, CancellationToken cancel);

    /// <summary>Whether a dry run cannot look further on a host where these changes are still to be made.</summary>
    public virtual bool BlocksPlanning(ImmutableArray<Change> changes) => false;
}
