namespace RunnerBuild.Applying;

/// <summary>The jobs of a machine that does not answer: its service cannot be stopped, and GitHub alone knows of them.</summary>
internal static class JobsAtGitHub
{
    /// <summary>GitHub counts its calls.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    /// <param name="limit">Null: as long as the jobs take.</param>
    public static async Task WaitAsync(Registrations registrations, string address, TimeSpan? limit, Action<string> line, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var said = ""; ; await Task.Delay(Pause, cancel))
        {
            var names = string.Join(", ", (await registrations.BusyAsync(cancel)).Order(StringComparer.Ordinal));
            if (names.Length == 0)
                return;
            if (TimeProvider.System.GetElapsedTime(started) > limit)
                throw new RunnerBuildException(
                    $"After {limit.Value.TotalSeconds:0} s, {names} on {address} still have jobs, GitHub says.", "The machine was left running.",
                    "Run the same again later, or with a longer --timeout; DeployRunners lets the host serve again.");
            if (said != (said = $"waiting for the jobs of {names}"))
                line(said);
        }
    }
}
