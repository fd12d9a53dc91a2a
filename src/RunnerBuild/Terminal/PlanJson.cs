using System.Text.Json;
using RunnerBuild.Planning;

namespace RunnerBuild.Terminal;

/// <param name="Host">Or the cluster, for what concerns no host.</param>
internal sealed record PlannedChange(string Target, string Host, Change Change);

/// <summary>Plans for programs: an object for each line that people would see, with the same words. Contents and secrets are not in them.</summary>
internal static class PlanJson
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string Of(IEnumerable<PlannedChange> planned) => Redaction.Mask(JsonSerializer.Serialize(
        planned.Select(entry => new
        {
            entry.Target,
            entry.Host,
            entry.Change.Resource,
            entry.Change.Field,
            Action = entry.Change.Sign switch { '+' => "create", '-' => "remove", '~' => "change", _ => "refused" },
            entry.Change.From,
            entry.Change.To,
            entry.Change.Note,
            entry.Change.Refusal,
            Steps = entry.Change.Steps.Select(step => $"{step}"),
        }),
        Readable));
}
