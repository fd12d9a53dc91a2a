using System.Text;
using RunnerBuild.Desired;

namespace RunnerBuild.Remote;

/// <summary>What the run does now, in a file that the supervisor of the same machine shows jobs: everything that is written to people goes there too, a line at a time.</summary>
/// <param name="folder">Systemd's for as long as the unit runs.</param>
internal sealed class NightlyProgress(TextWriter people, string folder) : TextWriter
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);
    private long _written;

    public override Encoding Encoding => people.Encoding;

    /// <summary>The runner whose job asked for the run; null: none did.</summary>
    public static string? AskedBy(string? folder) =>
        folder is not null && Path.Combine(folder, NightlyUnits.AskedBy) is var file && File.Exists(file) && File.ReadAllText(file).Trim() is { Length: > 0 } runner ? runner : null;

    public override void Write(char value) => people.Write(value);

    public override void WriteLine(string? value)
    {
        people.WriteLine(value);
        if (string.IsNullOrWhiteSpace(value) || _written != 0 && TimeProvider.System.GetElapsedTime(_written) < Between)
            return;
        _written = TimeProvider.System.GetTimestamp();
        try
        {
            var file = Path.Combine(folder, NightlyUnits.Progress);
            File.WriteAllText($"{file}.new", value.Trim());
            File.Move($"{file}.new", file, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Who waits sees less; the run itself goes on.
        }
    }

    public override void Flush() => people.Flush();
}
