using RunnerBuild.Desired;
using RunnerBuild.Remote.Ssh;

namespace RunnerBuild.Applying;

/// <summary>
/// Ends a host's runners before its machine goes down. The service is stopped, which removes idle ones and lets no job begin; running jobs are
/// waited for. It is not a drain that somebody would have to take back: the service comes up with the machine, also when this run has died.
/// </summary>
internal static class RunnersEnd
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>GitHub counts its calls.</summary>
    private static readonly TimeSpan PauseAtGitHub = TimeSpan.FromSeconds(15);

    private const string Stop = "if [ -e \"/etc/systemd/system/$1\" ]; then systemctl stop \"$1\"; fi";

    private const string Left = """
        command -v docker >/dev/null || exit 0
        systemctl is-active --quiet docker.service || exit 0
        docker ps --filter label=runnerbuild.host --format '{{.Names}}'
        """;

    /// <param name="limit">Null: as long as the jobs take.</param>
    public static async Task WaitAsync(SshMachine machine, TimeSpan? limit, Action<string> line, CancellationToken cancel)
    {
        await machine.CheckAsync("Stopping the runners' service", Stop, [HostPaths.ServiceUnit], null, cancel);
        await UntilNoneAsync(
            async () => (await machine.CheckAsync("Looking for running jobs", Left, [], null, cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            $"on {machine.Address} still have jobs.", "They take no new ones, and the machine was left running.", Pause, limit, line, cancel);
    }

    /// <summary>Of a machine that does not answer: its service cannot be stopped, and GitHub alone knows of its jobs.</summary>
    public static Task WaitAtGitHubAsync(Registrations registrations, string address, TimeSpan? limit, Action<string> line, CancellationToken cancel) =>
        UntilNoneAsync(() => registrations.BusyAsync(cancel), $"on {address} still have jobs, GitHub says.", "The machine was left running.", PauseAtGitHub, limit, line, cancel);

    private static async Task UntilNoneAsync(Func<Task<IReadOnlyList<string>>> busy, string what, string why, TimeSpan pause, TimeSpan? limit, Action<string> line, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var said = ""; ; await Task.Delay(pause, cancel))
        {
            var names = (await busy()).Order(StringComparer.Ordinal).ToList();
            if (names.Count == 0)
                return;
            if (TimeProvider.System.GetElapsedTime(started) > limit)
                throw new RunnerBuildException(
                    $"After {limit.Value.TotalSeconds:0} s, {string.Join(", ", names)} {what}", why,
                    "Run the same again later, or with a longer --timeout; DeployRunners lets the host serve again.");
            var text = $"waiting for the jobs of {string.Join(", ", names)}";
            if (text != said)
                line(said = text);
        }
    }
}
