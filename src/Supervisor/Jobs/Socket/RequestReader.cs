using System.Globalization;
using System.Text;

namespace Supervisor.Jobs.Socket;

/// <summary>Reads a request's head and, where it has to be changed, its body from a client's stream; what was read too far is kept.</summary>
internal sealed class RequestReader(Stream stream)
{
    private const int LongestHead = 64 * 1024;
    private const int LongestBody = 16 << 20;
    private readonly byte[] buffer = new byte[LongestHead];
    private int start;
    private int end;

    /// <summary>What was read but belongs to what follows.</summary>
    public ReadOnlyMemory<byte> Rest => buffer.AsMemory(start, end - start);

    /// <returns>Null at the end of the stream and for what is no HTTP request.</returns>
    public async Task<RequestHead?> HeadAsync(CancellationToken cancel)
    {
        int length;
        while ((length = buffer.AsSpan(0, end).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (end == buffer.Length || !await FillAsync(cancel))
                return null;
        }
        start = length + 4;
        return RequestHead.Parse(Encoding.Latin1.GetString(buffer, 0, length));
    }

    /// <exception cref="InvalidDataException">It is longer than any such request, or breaks off.</exception>
    public async Task<byte[]> BodyAsync(RequestHead head, CancellationToken cancel)
    {
        if (string.Equals(head.Header("Transfer-Encoding"), "chunked", StringComparison.OrdinalIgnoreCase))
            return await ChunksAsync(cancel);
        var length = int.Parse(head.Header("Content-Length") ?? "0", NumberStyles.None, CultureInfo.InvariantCulture);
        return await BytesAsync(length, cancel);
    }

    private async Task<byte[]> ChunksAsync(CancellationToken cancel)
    {
        using var body = new MemoryStream();
        while (true)
        {
            var size = int.Parse((await LineAsync(cancel)).Split(';')[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (size == 0)
                break;
            body.Write(await BytesAsync(size, cancel));
            await LineAsync(cancel);
            if (body.Length > LongestBody)
                throw new InvalidDataException("The request is too long.");
        }
        while (await LineAsync(cancel) is not "")
        {
            // Trailers say nothing that matters here.
        }
        return body.ToArray();
    }

    private async Task<byte[]> BytesAsync(int count, CancellationToken cancel)
    {
        if (count is < 0 or > LongestBody)
            throw new InvalidDataException("The request is too long.");
        var bytes = new byte[count];
        var kept = Math.Min(count, Rest.Length);
        Rest[..kept].CopyTo(bytes);
        start += kept;
        await stream.ReadExactlyAsync(bytes.AsMemory(kept), cancel);
        return bytes;
    }

    private async Task<string> LineAsync(CancellationToken cancel)
    {
        int length;
        while ((length = Rest.Span.IndexOf("\r\n"u8)) < 0)
        {
            if (!await FillAsync(cancel))
                throw new InvalidDataException("The request breaks off.");
        }
        var line = Encoding.Latin1.GetString(Rest.Span[..length]);
        start += length + 2;
        return line;
    }

    private async Task<bool> FillAsync(CancellationToken cancel)
    {
        if (start > 0)
        {
            Rest.CopyTo(buffer);
            (start, end) = (0, end - start);
        }
        if (end == buffer.Length)
            return false;
        var read = await stream.ReadAsync(buffer.AsMemory(end), cancel);
        end += read;
        return read > 0;
    }
}
