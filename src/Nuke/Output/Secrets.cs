using System.Text.Json;

namespace Nuke.Common.Output;

/// <summary>The values that no output may show, in the spellings in which they could turn up.</summary>
internal sealed class Secrets
{
    public const string Mask = "***";
    private const int LeastLineLength = 8;

    private readonly Lock _lock = new();
    private volatile string[] _values = [];

    public static Secrets Known { get; private set; } = new();

    public static void Forget() => Known = new Secrets();

    public void Add(string? secret)
    {
        if (string.IsNullOrWhiteSpace(secret))
            return;

        string[] lines = [.. secret.Split('\n', StringSplitOptions.TrimEntries).Where(x => x.Length >= LeastLineLength)];
        lock (_lock)
        {
            var all = _values.Concat(new[] { secret, secret.Trim() }.Concat(lines).SelectMany(Spellings)).Distinct(StringComparer.Ordinal);
            _values = [.. all.OrderByDescending(x => x.Length)];
        }
    }

    public string Hide(string text)
    {
        foreach (var value in _values)
            text = text.Replace(value, Mask, StringComparison.Ordinal);
        return text;
    }

    private static IEnumerable<string> Spellings(string value) =>
        [value, value.Replace("\"", "\\\"", StringComparison.Ordinal), JsonEncodedText.Encode(value).ToString(), Uri.EscapeDataString(value)];
}
