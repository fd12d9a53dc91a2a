namespace Lab.Proxmox.Wire;

/// <summary>Reads forms and query strings with the server's own quirks: pairs end at `&amp;` and `;`, a second raw `=` cuts the value, repeated keys become a list.</summary>
internal static class FormDecoding
{
    public static void Decode(string raw, IDictionary<string, object> into)
    {
        foreach (var pair in raw.Split('&', ';').Where(pair => pair.Length > 0))
        {
            var parts = pair.Split('=');
            Add(Unescape(parts[0]), parts.Length > 1 ? Unescape(parts[1]) : "", into);
        }
    }

    private static void Add(string key, string value, IDictionary<string, object> into) =>
        into[key] = into.TryGetValue(key, out var earlier)
            ? earlier is List<string> values
                ? [.. values, value]
                : new List<string> { (string)earlier, value }
            : value;

    private static string Unescape(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
