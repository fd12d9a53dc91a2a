using System.Globalization;

namespace Benchmarks;

/// <summary>Questions about the supervisor on the host.</summary>
internal static class Host
{
    private const string Process = "/proc/$(systemctl show --property MainPID --value github-docker-runners)";

    public static async Task<double> AnonymousMegabytesAsync(CancellationToken cancel) =>
        await NumberAsync($"awk '/^RssAnon/ {{ print $2 / 1024 }}' {Process}/status", cancel);

    /// <summary>Of all its threads, since its start; the kernel counts in hundredths.</summary>
    public static async Task<double> ProcessorSecondsAsync(CancellationToken cancel) =>
        await NumberAsync($"awk '{{ print ($14 + $15) / 100 }}' {Process}/stat", cancel);

    public static async Task SettledAsync(int slots, CancellationToken cancel)
    {
        while ((await BenchLab.OnHostAsync("/opt/github-runners/bin/runnerctl status --json; docker ps --all --quiet | wc -l", cancel)) is var seen
            && (seen.Split("\"Idle\"").Length != slots + 1 || !seen.TrimEnd().EndsWith($"\n{slots}", StringComparison.Ordinal)))
            await Task.Delay(TimeSpan.FromSeconds(1), cancel);
    }

    private static async Task<double> NumberAsync(string script, CancellationToken cancel) =>
        double.Parse(await BenchLab.OnHostAsync(script, cancel), CultureInfo.InvariantCulture);
}
