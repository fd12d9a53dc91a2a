using System.Globalization;
using Nuke.Common.Execution;

namespace Nuke.Common.Output;

/// <summary>The end of a run: what became of each planned target, and of the whole.</summary>
internal static class Outcome
{
    private const char Space = '\u00A0';
    private const int StatusWidth = 10;
    private const int DurationWidth = 10;

    public static void Write(NukeBuild build, BuildOutput output)
    {
        if (output.Session.IsShown(DefaultOutput.TargetOutcome))
            WriteTable([.. build.ExecutionPlan], output);
        if (!output.Session.IsShown(DefaultOutput.BuildOutcome))
            return;
        output.Line();
        var date = DateTime.Now.ToString(CultureInfo.CurrentCulture);
        output.Line(build.IsSucceeding
            ? output.Palette.Success($"Build succeeded on {date}. ＼（＾ᴗ＾）／")
            : output.Palette.Error($"Build failed on {date}. (╯°□°）╯︵ ┻━┻"));
    }

    private static void WriteTable(List<ExecutableTarget> plan, BuildOutput output)
    {
        var palette = output.Palette;
        var nameWidth = Math.Max(plan.Select(x => x.Name.Length + 4).DefaultIfEmpty().Max(), 19);
        var width = nameWidth + StatusWidth + DurationWidth;
        string Row(string name, string status, string duration) =>
            name.PadRight(nameWidth, Space) + status.PadRight(StatusWidth, Space) + duration.PadLeft(DurationWidth, Space);

        output.Line();
        output.Line(palette.Plain(new string('═', width)));
        output.Line(palette.Information(Row("Target", "Status", "Duration")));
        output.Line(palette.Plain(new string('─', width)));
        foreach (var target in plan.Where(x => x.Status != ExecutionStatus.Collective))
            output.Line(Paint(target.Status, palette)(Row(target.Name, target.Status.ToString(), Duration(target)) + Information(target)));
        output.Line(palette.Plain(new string('─', width)));
        output.Line(palette.Information(Row("Total", "", Text(plan.Aggregate(TimeSpan.Zero, (sum, x) => sum + x.Duration)))));
        output.Line(palette.Plain(new string('═', width)));
    }

    private static Func<string, string> Paint(ExecutionStatus status, Palette palette) => status switch
    {
        ExecutionStatus.Succeeded => palette.Success,
        ExecutionStatus.Failed => palette.Error,
        ExecutionStatus.Aborted or ExecutionStatus.NotRun => palette.Warning,
        _ => palette.Plain,
    };

    private static string Duration(ExecutableTarget target) =>
        target.Status is ExecutionStatus.Succeeded or ExecutionStatus.Failed or ExecutionStatus.Aborted ? Text(target.Duration) : "";

    private static string Text(TimeSpan duration) =>
        duration < TimeSpan.FromSeconds(1) ? "< 1sec" : $"{(int)duration.TotalMinutes}:{duration:ss}";

    private static string Information(ExecutableTarget target) =>
        target.SummaryInformation.Count == 0
            ? ""
            : $"{new string(Space, 3)}// {string.Join(", ", target.SummaryInformation.Select(x => $"{x.Key}: {x.Value}"))}";
}
