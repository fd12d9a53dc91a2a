using System.Collections.Immutable;
using RunnerBuild.Config;

namespace RunnerBuild.Desired;

/// <summary>A place for one runner at a time.</summary>
/// <param name="Name">`github-runner-1`, counted through all pools of the host; also the container's and the compose service's name.</param>
internal sealed record WantedSlot(string Name, Pool Pool, string Image)
{
    public static ImmutableArray<WantedSlot> Of(Host host, string image) =>
    [
        .. host.Pools.SelectMany(pool => Enumerable.Repeat(pool, pool.Count))
            .Select((pool, index) => new WantedSlot($"github-runner-{index + 1}", pool, pool.Image ?? image)),
    ];
}
