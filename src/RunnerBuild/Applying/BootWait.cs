using RunnerBuild.Terminal;

namespace RunnerBuild.Applying;

/// <summary>Waits for a machine's first boot: SSH lets the user in, and cloud-init has finished.</summary>
internal static class BootWait
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private const string CloudInit = """
        command -v cloud-init >/dev/null && [ ! -e /run/cloud-init/disabled ] || exit 0
        for _ in $(seq 1200); do
          [ -e /var/lib/cloud/instance/boot-finished ] && exit 0
          sleep 0.5
        done
        cloud-init status --long >&2
        exit 1
        """;

    public static async Task AwaitAsync(HostSession session, Report report, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                var machine = await session.MachineAsync(cancel);
                await machine.CheckAsync("Waiting for cloud-init", CloudInit, [], report.Lines(session.Name), cancel);
                return;
            }
            catch (HostUnreachableException) when (TimeProvider.System.GetElapsedTime(started) < Limit)
            {
                // The user and its keys are cloud-init's work as well, so the first logins may be refused.
                await Task.Delay(Pause, cancel);
            }
        }
    }
}
