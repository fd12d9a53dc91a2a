namespace Supervisor.Evidence;

/// <summary>Counts of durations up to each bound, as Prometheus adds them up.</summary>
internal sealed class Histogram(double[] bounds)
{
    private readonly long[] counts = new long[bounds.Length];

    public long Count { get; private set; }
    public double Sum { get; private set; }
    public IEnumerable<(double Bound, long Count)> Buckets => bounds.Zip(counts);

    public void Observe(double value)
    {
        Count++;
        Sum += value;
        for (var i = 0; i < bounds.Length; i++)
        {
            if (value <= bounds[i])
                counts[i]++;
        }
    }
}
