using RunnerBuild.Config;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using RunnerBuild.Remote;
using RunnerBuild.Remote.GitHub;
using RunnerBuild.Remote.Ssh;

namespace RunnerBuild.Applying;

/// <summary>
/// Ends earlier runners without ending a job: none starts anew, GitHub is asked to forget each, which it refuses while it has a job for it, and
/// only then its container goes. It can be broken off anywhere: what is left is found again by the next run.
/// </summary>
internal sealed class EarlierRetirement(HostSession session, SshMachine machine, GitHubAccess github, RunOptions options, Action<string> line)
{
    private const int HasJob = 9;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    private const string StayEnded = "docker update --restart=no \"$@\" >/dev/null";

    // A registration also goes with the job of an ephemeral runner, whose worker may still be at its last steps.
    private const string Remove = """
        if docker top "$1" -eo pid,args 2>/dev/null | grep -q 'Runner\.Worker'; then exit 9; fi
        docker rm --force --volumes "$1" >/dev/null
        """;

    public async Task RunAsync(RetireEarlier retire, CancellationToken cancel)
    {
        await machine.CheckAsync("Keeping earlier runners from starting anew", StayEnded, retire.Containers, null, cancel);
        var started = TimeProvider.System.GetTimestamp();
        for (var said = ""; ; await Task.Delay(Pause, cancel))
        {
            session.Forget();
            var busy = new List<string>();
            foreach (var runner in (await session.FactsAsync(cancel)).Earlier.Runners)
            {
                if (runner.Busy || !await EndAsync(runner, cancel))
                    busy.Add(runner.Container);
            }

            if (busy.Count == 0)
                return;
            if (options.NoWait || TimeProvider.System.GetElapsedTime(started) > options.Timeout)
                throw new RunnerBuildException(
                    $"Earlier runners on {session.Name} still have jobs: {string.Join(", ", busy)}.", "They take no new ones, and what replaces them cannot start before they end.",
                    "Run DeployRunners again later, or without --no-wait and with a longer --timeout.");
            if (said != (said = string.Join('\n', busy.Select(name => $"{name}: busy; removed when its job ends"))))
                line(said);
        }
    }

    /// <returns>False: it has a job.</returns>
    private async Task<bool> EndAsync(EarlierRunner runner, CancellationToken cancel)
    {
        if (runner.Name.Length > 0 && !await DeregisterAsync(runner, cancel))
            return false;
        var removal = await machine.RunAsync(Remove, [runner.Container], null, cancel);
        if (removal.ExitCode is not (0 or HasJob))
            throw new RunnerBuildException($"{runner.Container} on {session.Name} could not be removed.", removal.Tail, "Correct the cause and run DeployRunners again.");
        if (removal.ExitCode == 0)
            line($"{runner.Container}: removed{(runner.Name.Length > 0 ? $", with its registration {runner.Name}" : "")}");
        return removal.ExitCode == 0;
    }

    private async Task<bool> DeregisterAsync(EarlierRunner runner, CancellationToken cancel)
    {
        var scope = ScopeOf(runner);
        var token = await github.TokenAsync(scope, cancel);
        var registered = (await RunnerList.OfAsync(scope, token)).FirstOrDefault(entry => entry.Id == runner.Id && entry.Name == runner.Name);
        return registered is null || await RunnerList.DeleteAsync(scope, token, registered.Id, cancel);
    }

    /// <summary>Its own, when the fleet has a pool there or a credential for that server; else the first pool's.</summary>
    private GitHubScope ScopeOf(EarlierRunner runner)
    {
        var own = session.Host.Pools.Select(pool => pool.Scope).ToList();
        if (!Uri.TryCreate(runner.Address, UriKind.Absolute, out var address))
            return own[0];
        var web = new Uri(address.GetLeftPart(UriPartial.Authority));
        var name = address.AbsolutePath.Trim('/');
        var kind = name.StartsWith("enterprises/", StringComparison.Ordinal) ? ScopeKind.Enterprise : name.Contains('/') ? ScopeKind.Repository : ScopeKind.Organization;
        if (kind == ScopeKind.Enterprise)
            name = name["enterprises/".Length..];
        return own.FirstOrDefault(scope => scope.Web == web && scope.Kind == kind && scope.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? new GitHubScope(kind, name, web, (own.FirstOrDefault(scope => scope.Web == web) ?? own[0]).Credential);
    }
}
