using System.Collections.Immutable;
using RunnerBuild.Config;

namespace RunnerBuild.Desired;

/// <summary>A spare slot for a moment, in which an image is proved: as a pool of the fleet has it, but for its label, which no other runner has.</summary>
/// <param name="Host">The host's name.</param>
/// <param name="Stands">The pool that it stands for.</param>
internal sealed record Candidate(string Host, Pool Stands, string Label)
{
    /// <summary>
    /// It reserves nothing: the host's budget is for jobs that go on side by side all day, and one that is spent to the last core must be
    /// refreshable too. What the pool limits a runner to holds.
    /// </summary>
    public Pool Pool(string image) => Stands with
    {
        Name = $"candidate-{Mode}", Count = 1, Labels = [Label], ReserveCpus = null, ReserveMemoryMiB = null, Image = image, RefreshDoor = false,
    };

    public string Mode => Stands.Docker.ToString().ToLowerInvariant();

    /// <summary>One for each mode of Docker and each architecture that runners from the built image have; each on the first host with such a pool.</summary>
    /// <param name="hosts">With their architectures, as Debian calls them.</param>
    /// <param name="label">Made anew for each.</param>
    public static ImmutableArray<Candidate> Of(IEnumerable<(Host Host, string Architecture)> hosts, string repository, Func<string> label) =>
    [
        .. hosts.SelectMany(one => Built(one.Host).Where(pool => pool.Scope.Serves(repository)).Select(pool => (one.Host, one.Architecture, Pool: pool)))
            .GroupBy(one => (one.Architecture, one.Pool.Docker)).Select(alike => alike.First())
            // What is proved soonest first: an image that fails is often one that fails everywhere.
            .OrderByDescending(one => one.Pool.Docker).Select(one => new Candidate(one.Host.Name, one.Pool, label())),
    ];

    /// <summary>Modes and architectures that no candidate can stand for, since none of their pools serves the canary's repository.</summary>
    public static ImmutableArray<string> Unproved(IEnumerable<(Host Host, string Architecture)> hosts, string repository) =>
    [
        .. hosts.SelectMany(one => Built(one.Host).Select(pool => (one.Architecture, Pool: pool))).GroupBy(one => (one.Architecture, one.Pool.Docker))
            .Where(alike => !alike.Any(one => one.Pool.Scope.Serves(repository)))
            .Select(alike => $"docker: {alike.Key.Docker.ToString().ToLowerInvariant()} on {alike.Key.Architecture}"),
    ];

    /// <summary>The pools whose runners come from the image that is built.</summary>
    public static IEnumerable<Pool> Built(Host host) => host.Pools.Where(pool => pool is { Image: null, Count: > 0 });
}
