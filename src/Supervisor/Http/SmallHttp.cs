using System.Text;

namespace Supervisor.Http;

/// <summary>So little of HTTP that it needs no server: one request without a body, one answer, and the end.</summary>
internal static class SmallHttp
{
    private const int LongestRequest = 8192;

    // All of the request is read: closing a socket with something unread would take the answer back.
    /// <returns>The lines of the request's head.</returns>
    public static async Task<string[]> HeadAsync(Stream stream, CancellationToken cancel)
    {
        var bytes = new byte[LongestRequest];
        var length = 0;
        while (length < bytes.Length && bytes.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
        {
            var read = await stream.ReadAsync(bytes.AsMemory(length), cancel);
            if (read == 0)
                break;
            length += read;
        }
        return Encoding.ASCII.GetString(bytes, 0, length).Split("\r\n");
    }

    public static byte[] Answer(string status, string type, string body)
    {
        var content = Encoding.UTF8.GetBytes(body);
        return [.. Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {content.Length}\r\nConnection: close\r\n\r\n"), .. content];
    }
}
