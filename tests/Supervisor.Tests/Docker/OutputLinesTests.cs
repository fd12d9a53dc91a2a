using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Supervisor.Docker;

namespace Supervisor.Tests.Docker;

public sealed class OutputLinesTests
{
    private static byte[] Frame(byte stream, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[8 + payload.Length];
        frame[0] = stream;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(4), (uint)payload.Length);
        payload.CopyTo(frame.AsSpan(8));
        return frame;
    }

    private static async Task<List<string>> LinesOf(params byte[][] frames)
    {
        var lines = new List<string>();
        await foreach (var line in OutputLines.ReadAsync(new MemoryStream([.. frames.SelectMany(frame => frame)]), CancellationToken.None))
            lines.Add(line);
        return lines;
    }

    [Fact]
    public Task Lines_are_the_same_however_they_are_framed() => Gen.Int[1, 20].SampleAsync(async size =>
    {
        var bytes = Encoding.UTF8.GetBytes("√ one\r\ntwo\n\nthree\n");
        return (await LinesOf([.. bytes.Chunk(size).Select(part => Frame(1, part))])).SequenceEqual(["√ one", "two", "", "three"]);
    });

    [Fact]
    public async Task The_two_streams_do_not_mix() =>
        (await LinesOf(Frame(1, "lis"u8), Frame(2, "err\n"u8), Frame(1, "tening\n"u8))).ShouldBe(["err", "listening"]);

    [Fact]
    public async Task An_endless_line_is_cut() => (await LinesOf(Frame(1, new byte[100_000]), Frame(1, "\n"u8))).Single().Length.ShouldBe(8192);
}
