using System.Text;

namespace Supervisor.Jobs.Socket;

/// <summary>Request line and headers of one HTTP/1.1 request.</summary>
/// <param name="Path">Without the API version.</param>
internal sealed record RequestHead(string Method, string Prefix, string Path, IReadOnlyList<KeyValuePair<string, string>> Query, IReadOnlyList<string> Headers)
{
    /// <returns>Null when it is no HTTP request.</returns>
    public static RequestHead? Parse(string text)
    {
        var lines = text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        if (lines is not [var first, .. var headers] || first.Split(' ') is not [var method, var target, _])
            return null;
        var (path, query) = target.IndexOf('?') is var at and >= 0 ? (target[..at], target[(at + 1)..]) : (target, "");
        // /v1.41/containers/json, or without a version.
        var versionEnd = path.StartsWith("/v", StringComparison.Ordinal) && path.Length > 2 && char.IsAsciiDigit(path[2]) ? path.IndexOf('/', 1) : 0;
        return versionEnd < 0 ? null : new RequestHead(method, path[..versionEnd], path[versionEnd..], QueryOf(query), headers);
    }

    /// <summary>The connection becomes another protocol's (attach, exec, BuildKit's sessions).</summary>
    public bool Upgrades => Header("Upgrade") is not null;

    public string? Header(string name) => Headers
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim())
        .FirstOrDefault();

    public string? Parameter(string name) => Query.FirstOrDefault(pair => pair.Key == name).Value;

    public RequestHead With(string parameter, string value) =>
        this with { Query = [.. Query.Where(pair => pair.Key != parameter), new(parameter, value)] };

    /// <summary>The request as it goes on: one to a connection, so that all after it can pass unread.</summary>
    /// <param name="length">Of a body that was read and changed; null when the body follows as it came.</param>
    public byte[] ToBytes(int? length)
    {
        var query = string.Join('&', Query.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
        var text = new StringBuilder($"{Method} {Prefix}{Path}{(query.Length > 0 ? "?" : "")}{query} HTTP/1.1\r\n");
        foreach (var line in Headers.Where(line => !IsReplaced(line, length)))
            text.Append(line).Append("\r\n");
        if (!Upgrades)
            text.Append("Connection: close\r\n");
        if (length is not null)
            text.Append($"Content-Length: {length}\r\n");
        return Encoding.Latin1.GetBytes(text.Append("\r\n").ToString());
    }

    private bool IsReplaced(string line, int? length)
    {
        bool Is(string name) => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase);
        return (!Upgrades && (Is("Connection") || Is("Keep-Alive"))) || (length is not null && (Is("Content-Length") || Is("Transfer-Encoding") || Is("Expect")));
    }

    private static List<KeyValuePair<string, string>> QueryOf(string query) =>
    [
        .. query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2))
            .Select(pair => KeyValuePair.Create(Decoded(pair[0]), pair.Length > 1 ? Decoded(pair[1]) : "")),
    ];

    private static string Decoded(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
