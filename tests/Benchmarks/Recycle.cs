using System.Globalization;
using System.Text.Json;

namespace Benchmarks;

/// <summary>From a job's end to the next runner listening on that slot, less what the runner program itself takes to start.</summary>
internal static class Recycle
{
    // All that the supervisor says, and what runners say, which it copies there.
    private const string Journal = "journalctl --quiet --output json --output-fields MESSAGE,RUNNERBUILD_SLOT,RUNNERBUILD_SUBJECT --since";

    public static async Task MeasureAsync(BenchLab lab, int jobs, CancellationToken cancel)
    {
        await lab.DeployAsync("- { name: dind, count: 1, labels: [dind] }\n- { name: none, count: 1, docker: none, labels: [none] }", cancel);
        var since = (await BenchLab.OnHostAsync("date +%s", cancel)).Trim();
        foreach (var label in Enumerable.Repeat<string[]>(["dind", "none"], jobs).SelectMany(labels => labels))
        {
            await lab.EndAsync(await lab.QueueAsync("true", label, cancel), cancel);
            await Task.Delay(TimeSpan.FromSeconds(4), cancel);
        }

        var lines = (await BenchLab.OnHostAsync($"{Journal} @{since}", cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Line.Of).ToList();
        // Where nothing else is to be done in the container, what is left is the runner program.
        var own = Median(Spans(lines, "github-runner-2", "started a new container", "Listening for Jobs"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"recycle: the runner program's own start-up, median of {jobs}: {own:0.00} s"));
        foreach (var (slot, mode) in new[] { ("github-runner-1", "dind"), ("github-runner-2", "none") })
        {
            var spans = Spans(lines, slot, "completed with result", "Listening for Jobs");
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"recycle, {mode}: {spans.Count} times, from a job's end to the next runner listening {Median(spans):0.00} s in the median; less the own start-up {Median(spans) - own:0.00} s (0.5 asked for)"));
        }
    }

    private static List<double> Spans(IEnumerable<Line> lines, string slot, string from, string to)
    {
        var spans = new List<double>();
        double? begun = null;
        foreach (var line in lines.Where(line => line.Slot == slot))
        {
            if (line.Message.Contains(from, StringComparison.Ordinal))
                begun = line.Seconds;
            if (begun is not { } start || !line.Message.EndsWith(to, StringComparison.Ordinal))
                continue;
            spans.Add(line.Seconds - start);
            begun = null;
        }
        return spans;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private sealed record Line(double Seconds, string Slot, string Message)
    {
        public static Line Of(string json)
        {
            using var entry = JsonDocument.Parse(json);
            string Field(string name) => entry.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

            // What a runner says has its slot, what the supervisor says of one has it as the subject.
            var slot = Field("RUNNERBUILD_SLOT") is { Length: > 0 } own ? own : Field("RUNNERBUILD_SUBJECT");
            return new Line(long.Parse(Field("__REALTIME_TIMESTAMP"), CultureInfo.InvariantCulture) / 1e6, slot, Field("MESSAGE"));
        }
    }
}
