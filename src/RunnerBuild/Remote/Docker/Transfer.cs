using System.Globalization;

namespace RunnerBuild.Remote.Docker;

/// <summary>How far a copy is, now and then.</summary>
/// <param name="size">Bytes to come; an archive has a little more than what is in it.</param>
internal sealed class Transfer(long size, TimeProvider time)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);
    private readonly long _start = time.GetTimestamp();
    private (TimeSpan At, long Bytes)? _told;

    public long Bytes { get; private set; }

    /// <param name="told">Called with a line when the last was some seconds ago.</param>
    public void Add(int bytes, Action<string> told)
    {
        Bytes += bytes;
        var now = time.GetElapsedTime(_start);
        // An engine takes its time before it sends anything, which says nothing of how long the rest takes.
        _told ??= (now, Bytes);
        if (now - _told.Value.At < Between)
            return;
        told(Line(Rate(Bytes - _told.Value.Bytes, now - _told.Value.At)));
        _told = (now, Bytes);
    }

    public string Summary
    {
        get
        {
            var elapsed = time.GetElapsedTime(_start);
            return $"copied {Megabytes(Bytes)} MB in {Seconds(elapsed)}, {Megabytes(Rate(Bytes, elapsed))} MB/s";
        }
    }

    private string Line(long rate)
    {
        var left = size > Bytes && rate > 0 ? $", {Seconds(TimeSpan.FromSeconds((double)(size - Bytes) / rate))} left" : "";
        return $"copied {Megabytes(Bytes)} of {Megabytes(Math.Max(size, Bytes))} MB, {Megabytes(rate)} MB/s{left}";
    }

    private static long Rate(long bytes, TimeSpan time) => (long)(bytes / Math.Max(time.TotalSeconds, 0.001));

    private static string Megabytes(long bytes) => (bytes / 1_000_000).ToString(CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) =>
        time.TotalSeconds < 100 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds)} s") : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMinutes)} min");
}
