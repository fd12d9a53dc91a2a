using System.Globalization;
using Supervisor.Evidence;

namespace Supervisor.Cgroups;

/// <summary>Reads what the processes of a control group and of all below it have used, those that ended included.</summary>
internal static class GroupUsage
{
    /// <param name="folders">The group in each hierarchy that has it.</param>
    public static JobUsage? Read(IReadOnlyList<string> folders)
    {
        if (folders.Count == 0)
            return null;
        string? Text(string file) => folders.Select(folder => $"{folder}/{file}").FirstOrDefault(File.Exists) is { } path ? File.ReadAllText(path) : null;

        var cpu = Number(Text("cpuacct.usage")) / 1e9 ?? Field(Text("cpu.stat"), "usage_usec") / 1e6;
        var (read, written) = Text("io.stat") is { } io
            ? (Sum(io, "rbytes="), Sum(io, "wbytes="))
            : (Sum(Text("blkio.throttle.io_service_bytes_recursive"), "Read "), Sum(Text("blkio.throttle.io_service_bytes_recursive"), "Write "));
        return new JobUsage(Number(Text("memory.peak")) ?? Number(Text("memory.max_usage_in_bytes")), Number(Text("pids.peak")), cpu, read, written);
    }

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.None | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static long? Field(string? text, string name) =>
        text?.Split('\n').Where(line => line.StartsWith(name + " ", StringComparison.Ordinal)).Select(line => Number(line[(name.Length + 1)..])).FirstOrDefault();

    // A line for each disk: `8:0 rbytes=90430464 wbytes=299008000 ...`, or on v1 `8:0 Read 90430464`. No line: nothing yet.
    private static long? Sum(string? text, string mark) => text?.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries) is { } words
        ? words.Select((word, i) => mark.EndsWith('=')
            ? word.StartsWith(mark, StringComparison.Ordinal) ? Number(word[mark.Length..]) : null
            : i > 0 && words[i - 1] + " " == mark ? Number(word) : null).Sum()
        : null;
}
