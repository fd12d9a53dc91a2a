using System.Collections.Immutable;

namespace RunnerBuild.Facts;

/// <summary>What is on a host of runners that were not made by this program: those of a compose file, each registered once and restarted after each job.</summary>
/// <param name="Unit">github-docker-runners.service is a oneshot unit that runs docker compose.</param>
/// <param name="Timers">Timers that prune images without asking whether they are needed.</param>
/// <param name="Paths">Files that hold tokens, and work folders.</param>
internal sealed record EarlierInstallation(
    bool Unit, ImmutableArray<string> Timers, ImmutableArray<string> Paths, ImmutableArray<EarlierRunner> Runners)
{
    public static EarlierInstallation None { get; } = new(false, [], [], []);
}

/// <summary>A container with a runner that was registered by `config.sh`.</summary>
/// <param name="Busy">Its Runner.Worker runs, as it does exactly during a job.</param>
/// <param name="Name">Of the runner at GitHub; empty when it is not registered.</param>
/// <param name="Id">Of the runner at GitHub; 0 when it is not registered.</param>
/// <param name="Address">Where it is registered, such as `https://github.com/acme`.</param>
internal sealed record EarlierRunner(string Container, bool Running, bool Busy, string Name, long Id, string Address)
{
    /// <summary>How plans and messages tell of it.</summary>
    public string State => $"{(Busy ? "busy" : Running ? "idle" : "stopped")}{(Name.Length > 0 ? $", registered as {Name}" : "")}";
}
