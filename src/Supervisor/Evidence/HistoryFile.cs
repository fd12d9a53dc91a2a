using System.Text;
using System.Text.Json;

namespace Supervisor.Evidence;

/// <summary>The jobs that ran on this host, one line of JSON each, appended; two files of bounded size. A line cut off by a crash costs that line only.</summary>
internal sealed class HistoryFile(string folder, long rotateAt = 4 << 20)
{
    public const string DefaultFolder = "/var/lib/github-runners";

    // Readable for the group of those who may use runnerctl.
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
    private readonly string current = Path.Combine(folder, "history.jsonl");
    private readonly string earlier = Path.Combine(folder, "history.1.jsonl");

    public void Append(JobRecord record)
    {
        if (File.Exists(current) && new FileInfo(current).Length >= rotateAt)
            File.Move(current, earlier, overwrite: true);
        using var file = new FileStream(current, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        File.SetUnixFileMode(file.SafeFileHandle, Mode);
        var line = Encoding.UTF8.GetBytes(record.ToJson() + "\n");
        // One write, so that a crash leaves at most one line that is not whole.
        file.Seek(0, SeekOrigin.End);
        file.Write(EndsInMidLine(file) ? [(byte)'\n', .. line] : line);
        file.Flush(flushToDisk: true);
    }

    /// <returns>The newest <paramref name="count"/> that <paramref name="wanted"/> holds for, oldest first.</returns>
    public IReadOnlyList<JobRecord> Last(int count, Func<JobRecord, bool> wanted)
    {
        var last = new Queue<JobRecord>();
        foreach (var record in new[] { earlier, current }.SelectMany(ReadLines).Select(RecordIn).OfType<JobRecord>().Where(wanted))
        {
            last.Enqueue(record);
            if (last.Count > count)
                last.Dequeue();
        }
        return [.. last];
    }

    private static bool EndsInMidLine(FileStream file)
    {
        if (file.Length == 0)
            return false;
        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() != '\n';
    }

    private static IEnumerable<string> ReadLines(string path) => File.Exists(path) ? File.ReadLines(path) : [];

    private static JobRecord? RecordIn(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, EvidenceJson.Default.JobRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
