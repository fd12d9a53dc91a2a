using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace Supervisor.Docker;

/// <summary>Text lines in a container's output, which Docker frames as 8 header bytes (stream number, big-endian length at byte 4) and a payload.</summary>
internal static class OutputLines
{
    private const int LongestLine = 8192;

    public static async IAsyncEnumerable<string> ReadAsync(Stream output, [EnumeratorCancellation] CancellationToken cancel)
    {
        var header = new byte[8];
        // stdout and stderr may each be in the middle of a line.
        var unfinished = new Dictionary<byte, MemoryStream>();
        while (await output.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancel) == header.Length)
        {
            var left = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4));
            var line = unfinished.TryGetValue(header[0], out var begun) ? begun : unfinished[header[0]] = new MemoryStream();
            var chunk = new byte[Math.Min(left, 4096)];
            while (left > 0)
            {
                var read = await output.ReadAsync(chunk.AsMemory(0, (int)Math.Min(left, chunk.Length)), cancel);
                if (read == 0)
                    yield break;
                left -= (uint)read;
                foreach (var text in Split(chunk, read, line))
                    yield return text;
            }
        }
    }

    private static IEnumerable<string> Split(byte[] chunk, int count, MemoryStream line)
    {
        for (var i = 0; i < count; i++)
        {
            if (chunk[i] != (byte)'\n')
            {
                // What a job writes without a line break must not fill this program's memory.
                if (line.Length < LongestLine)
                    line.WriteByte(chunk[i]);
                continue;
            }
            yield return Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length).TrimEnd('\r');
            line.SetLength(0);
        }
    }
}
