using RunnerBuild.Desired;
using RunnerBuild.Remote;
using RunnerBuild.Remote.Ssh;

namespace RunnerBuild.Applying;

/// <summary>
/// Ends a host's runners before its machine goes down, or before others take their place. The service is stopped, which removes idle ones; running jobs
/// are waited for. It is not a drain that somebody would have to take back: the service comes up with the machine, also when this run has died.
/// </summary>
internal sealed class RunnersEnd(IMachine machine, string address, Action<string> line)
{
    private const string Stop = "if [ -e \"/etc/systemd/system/$1\" ]; then systemctl stop \"$1\"; fi";

    private const string Left = """
        command -v docker >/dev/null || exit 0
        systemctl is-active --quiet docker.service || exit 0
        docker ps --filter "label=runnerbuild.host$1" --format '{{.Names}}|{{.Label "runnerbuild.runner"}}|{{.Label "runnerbuild.api"}}|{{.Label "runnerbuild.scope"}}' |
          while read -r runner; do
            if docker top "${runner%%|*}" -eo pid,args 2>/dev/null </dev/null | grep -q 'Runner\.Worker'; then echo "$runner|busy"; else echo "$runner|idle"; fi
          done
        """;

    // A registration also goes with a job whose worker may still be at its last steps.
    private const string Remove = """
        set -eu
        if docker top "$1" -eo pid,args 2>/dev/null | grep -q 'Runner\.Worker'; then echo busy; exit 0; fi
        docker rm --force --volumes "$1" >/dev/null
        """;

    private const string WhyKept = "journalctl --unit \"$1\" --lines 1000 --output cat 2>/dev/null | grep -o 'The runner is to be removed, but: .*' | tail -n 1 || true";

    private readonly Dictionary<string, long> _idleSince = new(StringComparer.Ordinal);

    /// <summary>Name of the host that the runners were made for; null: whatever they were made for.</summary>
    public string? Host { get; init; }

    /// <summary>Deletes a registration that the service could not; false: the runner has a job. Null: an idle runner that is left ends the run.</summary>
    public Func<LeftRunner, CancellationToken, Task<bool>>? Deregister { get; init; }

    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>One without a job for so long is there to stay: GitHub did not let the service take it away.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);

    /// <param name="limit">Null: as long as the jobs take.</param>
    public static Task WaitAsync(SshMachine machine, TimeSpan? limit, Action<string> line, CancellationToken cancel) =>
        new RunnersEnd(machine, machine.Address, line).WaitAsync(limit, cancel);

    public async Task WaitAsync(TimeSpan? limit, CancellationToken cancel)
    {
        await machine.CheckAsync("Stopping the runners' service", Stop, [HostPaths.ServiceUnit], null, cancel);
        var started = TimeProvider.System.GetTimestamp();
        for (var said = ""; ; await Task.Delay(Pause, cancel))
        {
            var runners = await LeftAsync(cancel);
            if (runners.Count == 0)
                return;
            var busy = runners.Where(runner => runner.Busy).ToList();
            foreach (var runner in IdleForLong(runners, limit < Patience ? limit.Value : Patience))
            {
                if (!await EndAsync(runner, cancel))
                    busy.Add(runner);
            }

            var names = string.Join(", ", busy.Select(runner => runner.Container).Order(StringComparer.Ordinal));
            if (names.Length > 0 && TimeProvider.System.GetElapsedTime(started) > limit)
                throw new RunnerBuildException(
                    $"After {limit.Value.TotalSeconds:0} s, {names} on {address} still have jobs.", "They take no new ones, and the machine was left running.",
                    "Run the same again later, or with a longer --timeout; DeployRunners lets the host serve again.");
            if (names.Length > 0 && said != (said = $"waiting for the jobs of {names}"))
                line(said);
        }
    }

    private async Task<List<LeftRunner>> LeftAsync(CancellationToken cancel)
    {
        var answer = await machine.CheckAsync("Looking for running jobs", Left, [Host is null ? "" : $"={Host}"], null, cancel);
        return [.. answer.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => row.Trim().Split('|')).Where(row => row.Length == 5)
            .Select(row => new LeftRunner(row[0], row[1], row[2], row[3], row[4] == "busy"))];
    }

    private List<LeftRunner> IdleForLong(List<LeftRunner> runners, TimeSpan patience)
    {
        var idle = runners.Where(runner => !runner.Busy).ToList();
        foreach (var container in _idleSince.Keys.Except(idle.Select(runner => runner.Container)).ToList())
            _idleSince.Remove(container);
        foreach (var runner in idle)
            _idleSince.TryAdd(runner.Container, TimeProvider.System.GetTimestamp());
        return [.. idle.Where(runner => TimeProvider.System.GetElapsedTime(_idleSince[runner.Container]) >= patience)];
    }

    /// <returns>False: it has a job.</returns>
    private async Task<bool> EndAsync(LeftRunner runner, CancellationToken cancel)
    {
        if (Deregister is null)
        {
            var why = (await machine.CheckAsync("Asking why a runner is left", WhyKept, [HostPaths.ServiceUnit], null, cancel)).Trim();
            throw new RunnerBuildException(
                $"{runner.Container} on {address} has no job, and the service could not take it away.", why.Length > 0 ? why : "It stopped before it had.",
                "DeployRunners hands the host the fleet's credential and lets it serve again; then run the same again.");
        }

        if (!await Deregister(runner, cancel) || (await machine.CheckAsync($"Removing {runner.Container}", Remove, [runner.Container], null, cancel)).Trim() == "busy")
            return false;
        line($"{runner.Container}: had no job; removed, with the registration {runner.Runner} that the service could not delete");
        return true;
    }
}

/// <summary>A runner's container that the stopped service has left.</summary>
/// <param name="Api">Base of the REST API where it is registered.</param>
internal sealed record LeftRunner(string Container, string Runner, string Api, string Scope, bool Busy);
