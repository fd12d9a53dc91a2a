using System.Collections.Concurrent;
using System.Globalization;
using RunnerBuild.Planning;

namespace RunnerBuild.Terminal;

/// <summary>The one voice of the provisioning: plans before, progress during, outcomes after. Lines of hosts that are worked on side by side do not mix.</summary>
/// <param name="color">False when redirected, or when NO_COLOR is set.</param>
/// <param name="verbose">Every line that a remote command writes is shown.</param>
internal sealed class Report(TextWriter output, bool color, bool verbose)
{
    private const string Green = "32", Yellow = "33", Red = "31", Dim = "2";
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private int _width;

    public void Knows(IEnumerable<string> hosts) => _width = hosts.Select(host => host.Length).DefaultIfEmpty(0).Max();

    /// <summary>All that was planned in this run, in order.</summary>
    public ConcurrentQueue<PlannedChange> Planned { get; } = [];

    /// <summary>One line a change, and below it what differs in a text; `!` lines say how to go on.</summary>
    public void Plan(string target, string host, IEnumerable<Change> changes)
    {
        foreach (var change in changes)
        {
            Planned.Enqueue(new(target, host, change));
            Write(host, $"{change.Sign} {change.Resource}  {change.Field}  {change.From ?? "(none)"} -> {change.To ?? "(none)"}{Aside(change.Note)}", ColorOf(change.Sign));
            foreach (var line in change.Lines)
                Write(host, $"    {line}", Dim);
            if (change.Refusal is { } refusal)
                Write(host, $"  {refusal}", Red);
        }
    }

    public void Progress(string host, string text) => Write(host, $"  {text.Replace("\n", "\n  ", StringComparison.Ordinal)}", Dim);

    /// <summary>For what reports progress line by line.</summary>
    public IProgress<string> ProgressOf(string host) => new ProgressLines(this, host);

    public void Note(string host, string text) => Write(host, text, null);

    /// <summary>Output that is somebody else's, as it is.</summary>
    public void Raw(string text)
    {
        lock (_gate)
            output.WriteLine(Redaction.Mask(text));
    }

    public void Good(string host, string text) => Write(host, text, Green);

    public void Bad(string host, string text) => Write(host, text, Red);

    /// <summary>A sink for a remote command's output: all of it when verbose, else a line now and then as a sign of life.</summary>
    public Action<string> Lines(string host)
    {
        var next = TimeProvider.System.GetUtcNow() + Between;
        return line =>
        {
            if (!verbose && TimeProvider.System.GetUtcNow() < next)
                return;
            next = TimeProvider.System.GetUtcNow() + Between;
            Write(host, $"    {Shortened(Redaction.Mask(line))}", Dim);
        };
    }

    public static string Elapsed(TimeSpan time) =>
        time.TotalSeconds < 10 ? time.TotalSeconds.ToString("0.0 s", CultureInfo.InvariantCulture) : $"{(int)time.TotalSeconds} s";

    private void Write(string host, string text, string? style)
    {
        var masked = Redaction.Mask(text);
        lock (_gate)
        {
            foreach (var line in masked.Split('\n'))
                output.WriteLine($"{host.PadRight(_width)}  {(color && style is not null ? $"\e[{style}m{line}\e[0m" : line)}");
            output.Flush();
        }
    }

    private static string ColorOf(char sign) => sign switch { '+' => Green, '!' or '-' => Red, _ => Yellow };

    private static string Aside(string? note) => note is null ? "" : $"  ({note})";

    private sealed class ProgressLines(Report report, string host) : IProgress<string>
    {
        public void Report(string value) => report.Progress(host, value);
    }

    private string Shortened(string line) => verbose || line.Length <= 110 ? line : line[..110] + "…";
}
