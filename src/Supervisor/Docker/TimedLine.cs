using System.Globalization;

namespace Supervisor.Docker;

/// <summary>A line of a container's output, and when Docker took it down.</summary>
internal readonly record struct TimedLine(DateTimeOffset? At, string Text)
{
    /// <param name="line">As Docker gives it with <c>timestamps=1</c>: an RFC 3339 time, a space, the text.</param>
    public static TimedLine Parse(string line)
    {
        var space = line.IndexOf(' ');
        return space > 0 && DateTimeOffset.TryParse(line.AsSpan(0, space), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? new TimedLine(at, line[(space + 1)..])
            : new TimedLine(null, line);
    }
}
