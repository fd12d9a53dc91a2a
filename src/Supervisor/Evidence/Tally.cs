using Supervisor.Slots;

namespace Supervisor.Evidence;

/// <summary>What is counted since this program started; any thread may add.</summary>
internal sealed class Tally
{
    private static readonly double[] jobSeconds = [10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 21600];
    private static readonly double[] queueSeconds = [1, 2, 5, 10, 30, 60, 120, 300, 900, 3600];
    private static readonly double[] recycleSeconds = [0.5, 1, 2, 3, 5, 10, 30, 60, 300];
    private readonly Lock gate = new();
    private readonly SortedDictionary<(string Pool, string Conclusion), long> jobs = [];
    private readonly SortedDictionary<(string Pool, string Kind), long> setbacks = [];
    private readonly SortedDictionary<string, Histogram> durations = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Histogram> queues = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Histogram> recycles = new(StringComparer.Ordinal);

    public void Count(JobRecord job)
    {
        lock (gate)
        {
            Increment(jobs, (job.Pool, job.Conclusion));
            if (job.Seconds is { } seconds)
                Of(durations, job.Pool, jobSeconds).Observe(seconds);
            if (job.QueueSeconds is { } queue)
                Of(queues, job.Pool, queueSeconds).Observe(queue);
        }
    }

    public void Count(string pool, SetbackKind kind)
    {
        lock (gate)
            Increment(setbacks, (pool, kind.ToString()));
    }

    public void CountRecycle(string pool, TimeSpan time)
    {
        lock (gate)
            Of(recycles, pool, recycleSeconds).Observe(time.TotalSeconds);
    }

    public void WriteTo(MetricsText text)
    {
        lock (gate)
        {
            text.Family("github_runners_jobs_total", "counter", "Jobs that ended, by what the runner said of them.");
            foreach (var (key, count) in jobs)
                text.Sample("github_runners_jobs_total", count, ("pool", key.Pool), ("conclusion", key.Conclusion));
            text.Family("github_runners_setbacks_total", "counter", "Times that a slot could not go on, by kind.");
            foreach (var (key, count) in setbacks)
                text.Sample("github_runners_setbacks_total", count, ("pool", key.Pool), ("kind", key.Kind));
            text.Histograms("github_runners_job_duration_seconds", "How long jobs ran.", durations);
            text.Histograms("github_runners_job_queue_seconds", "How long jobs waited for a runner, where GitHub tells.", queues);
            text.Histograms("github_runners_recycle_seconds", "From a job's end to the slot's next runner listening.", recycles);
        }
    }

    private static void Increment<TKey>(SortedDictionary<TKey, long> counts, TKey key) where TKey : notnull =>
        counts[key] = counts.GetValueOrDefault(key) + 1;

    private static Histogram Of(SortedDictionary<string, Histogram> all, string pool, double[] bounds) =>
        all.TryGetValue(pool, out var known) ? known : all[pool] = new Histogram(bounds);
}
