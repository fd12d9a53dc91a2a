namespace Supervisor.Slots;

/// <summary>How long to wait after a setback.</summary>
internal static class Backoff
{
    /// <param name="failures">In a row, this one included; at least 1.</param>
    /// <param name="jitter">0 to 1; it only lengthens, so that the number of calls stays bounded, and never beyond the longest retry.</param>
    public static TimeSpan DelayOf(Setback setback, int failures, double jitter, Timing timing)
    {
        var longer = 1 + jitter / 2;
        var delay = setback.Kind switch
        {
            SetbackKind.Denied or SetbackKind.Refused => timing.DeniedRetry * longer,
            SetbackKind.NotOnHost or SetbackKind.HostFiles or SetbackKind.EngineDown => timing.LocalRetry * longer,
            _ => Exponential(failures, longer, timing),
        };
        return setback.RetryAfter * longer is { } asked && asked > delay ? asked : delay;
    }

    private static TimeSpan Exponential(int failures, double longer, Timing timing)
    {
        // 2^20 first retries are longer than any longest one, and no number here overflows.
        var delay = timing.FirstRetry * Math.Pow(2, Math.Min(failures, 20) - 1) * longer;
        return delay < timing.LongestRetry ? delay : timing.LongestRetry;
    }
}
