using System.Collections.Concurrent;

namespace RunnerBuild;

/// <summary>Masks every secret of this run, by value, in whatever is about to be written.</summary>
internal static class Redaction
{
    // Shorter values would mask ordinary words.
    private const int ShortestSecret = 6;
    private static readonly ConcurrentDictionary<string, byte> Values = new();

    /// <summary>Told of every new value, so that others who write can mask it too.</summary>
    public static event Action<string>? Added;

    public static void Add(string value)
    {
        foreach (var line in value.Split('\n', StringSplitOptions.TrimEntries).Where(line => line.Length >= ShortestSecret))
        {
            if (Values.TryAdd(line, 0))
                Added?.Invoke(line);
        }
    }

    public static string Mask(string text) =>
        Values.Keys.OrderByDescending(value => value.Length).Aggregate(text, (masked, value) => masked.Replace(value, "***", StringComparison.Ordinal));
}
