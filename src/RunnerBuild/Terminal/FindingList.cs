using System.Text.Json;
using RunnerBuild.Diagnosing;

namespace RunnerBuild.Terminal;

/// <summary>Doctor's findings for people, each that is not good with its remedy below it, and the same for programs.</summary>
internal static class FindingList
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void Write(TextWriter output, IReadOnlyCollection<Finding> findings, bool color)
    {
        var width = findings.Select(finding => finding.Where.Length).DefaultIfEmpty(0).Max();
        foreach (var finding in findings)
        {
            var (sign, code) = finding.Health switch { Health.Good => ("ok ", "32"), Health.Notable => ("?  ", "33"), _ => ("BAD", "31") };
            output.WriteLine(Redaction.Mask($"{(color ? $"\e[{code}m{sign}\e[0m" : sign)}  {finding.Where.PadRight(width)}  {finding.Subject}: {finding.Seen}"));
            if (finding.Fix is { } fix)
                output.WriteLine(Redaction.Mask($"     {new string(' ', width)}  fix: {fix}"));
        }
    }

    public static string Json(IEnumerable<Finding> findings) => Redaction.Mask(JsonSerializer.Serialize(findings, Readable));
}
