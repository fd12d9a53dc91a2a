using System.Net;
using System.Text;
using System.Text.Encodings.Web;

namespace Nuke.Common.Output;

/// <summary>The values that no output may show, in the spellings in which they could turn up.</summary>
internal sealed class SecretValues
{
    public const string Mask = "***";
    private const int LeastLineLength = 8;

    // Shorter pieces of Base64 would hide too much that is no secret.
    private const int LeastEncodedLength = 6;

    private readonly Lock _lock = new();
    private volatile string[] _values = [];

    public static SecretValues Known { get; private set; } = new();

    public static void Forget() => Known = new SecretValues();

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

    /// <summary>How many letters at the end of the text could be the beginning of a secret.</summary>
    public int LengthOfBeginningAtEndOf(string text)
    {
        var longest = 0;
        foreach (var value in _values)
        {
            for (var length = Math.Min(value.Length - 1, text.Length); length > longest; length--)
            {
                if (string.CompareOrdinal(text, text.Length - length, value, 0, length) == 0)
                    longest = length;
            }
        }

        return longest;
    }

    private static IEnumerable<string> Spellings(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        var encoded = Enumerable.Range(0, 3).Select(offset => Base64(bytes, offset)).Where(x => x.Length >= LeastEncodedLength);
        return
        [
            value,
            value.Replace("\"", "\\\"", StringComparison.Ordinal),
            JavaScriptEncoder.Default.Encode(value),
            JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value),
            Uri.EscapeDataString(value),
            WebUtility.UrlEncode(value),
            LowerHex(Uri.EscapeDataString(value)),
            WebUtility.HtmlEncode(value),
            .. encoded.SelectMany(x => new[] { x, x.Replace('+', '-').Replace('/', '_') }),
            .. bytes.Length >= LeastEncodedLength ? new[] { Convert.ToHexString(bytes), Convert.ToHexStringLower(bytes) } : [],
        ];
    }

    // What is the same in the Base64 of every text that has the value after this many other bytes, modulo three.
    private static string Base64(byte[] value, int offset)
    {
        var text = Convert.ToBase64String([.. new byte[offset], .. value]).TrimEnd('=');
        var start = offset == 0 ? 0 : offset + 1;
        var end = (offset + value.Length) % 3 == 0 ? text.Length : text.Length - 1;
        return end > start ? text[start..end] : "";
    }

    private static string LowerHex(string escaped)
    {
        var text = new StringBuilder(escaped);
        for (var i = 0; i < escaped.Length; i++)
        {
            if (i > 0 && (escaped[i - 1] == '%' || (i > 1 && escaped[i - 2] == '%')))
                text[i] = char.ToLowerInvariant(escaped[i]);
        }

        return text.ToString();
    }
}
