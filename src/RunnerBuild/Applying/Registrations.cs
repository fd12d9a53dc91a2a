using System.Collections.Immutable;
using RunnerBuild.Config;
using RunnerBuild.Planning;
using RunnerBuild.Remote;
using RunnerBuild.Remote.GitHub;

namespace RunnerBuild.Applying;

/// <summary>What GitHub has registered of one host's runners.</summary>
internal sealed class Registrations(Host host, GitHubAccess github)
{
    /// <summary>The runners' names, by the scope of each pool.</summary>
    public async Task<IReadOnlyDictionary<GitHubScope, ImmutableArray<string>>> NamesAsync(CancellationToken cancel)
    {
        var names = new Dictionary<GitHubScope, ImmutableArray<string>>();
        foreach (var scope in host.Pools.Select(pool => pool.Scope).Distinct())
            names[scope] = [.. (await OfAsync(scope, cancel)).Select(runner => runner.Name)];
        return names;
    }

    /// <summary>Names of those that have a job, by GitHub's word.</summary>
    public async Task<IReadOnlyList<string>> BusyAsync(CancellationToken cancel)
    {
        var busy = new List<string>();
        foreach (var scope in host.Pools.Select(pool => pool.Scope).Distinct())
            busy.AddRange((await OfAsync(scope, cancel)).Where(runner => runner.Busy).Select(runner => runner.Name));
        return busy;
    }

    /// <param name="target">What to run again when GitHub keeps one.</param>
    public async Task DeleteAsync(GitHubScope scope, string target, Action<string> line, CancellationToken cancel)
    {
        foreach (var runner in await OfAsync(scope, cancel))
        {
            line($"delete the registration {runner.Name}");
            if (!await RunnerList.DeleteAsync(scope, await github.TokenAsync(scope, cancel), runner.Id, cancel))
                throw new RunnerBuildException(
                    $"GitHub keeps {runner.Name}.", "It says that this runner has a job.", $"Run {target} again when the job has ended.");
        }
    }

    /// <summary>Deletes the registration of a runner that its host's own credential could not delete.</summary>
    /// <returns>False: it has a job.</returns>
    public async Task<bool> DeleteAsync(LeftRunner left, CancellationToken cancel)
    {
        var scope = host.Pools.Select(pool => pool.Scope).FirstOrDefault(scope => scope.Api == left.Api && scope.Path == left.Scope)
            ?? throw new RunnerBuildException(
                $"{left.Container} has no job, and its registration {left.Runner} cannot be deleted.",
                $"The host's own credential could not, and the fleet has no pool of {left.Scope} at {left.Api} on this host any more.",
                $"Delete it at GitHub, then run `docker rm --force --volumes {left.Container}` on the host, and run the same target again.");
        var token = await github.TokenAsync(scope, cancel);
        var registered = (await RunnerList.OfAsync(scope, token)).FirstOrDefault(runner => runner.Name.Equals(left.Runner, StringComparison.OrdinalIgnoreCase));
        return registered is null || await RunnerList.DeleteAsync(scope, token, registered.Id, cancel);
    }

    private async Task<IReadOnlyList<Octokit.Runner>> OfAsync(GitHubScope scope, CancellationToken cancel) =>
        [.. (await RunnerList.OfAsync(scope, await github.TokenAsync(scope, cancel))).Where(runner => RemovalPlan.IsOf(host, runner.Name))];
}
