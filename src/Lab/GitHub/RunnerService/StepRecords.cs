using System.Text.Json;
using Lab.GitHub.State;

namespace Lab.GitHub.RunnerService;

/// <summary>Reads the two ways in which a runner tells of its steps.</summary>
internal static class StepRecords
{
    /// <summary>An element of completejob's `stepResults`: words.</summary>
    public static StepRecord OfCompletion(JsonElement step) => new(
        Text(step, "external_id") ?? "",
        Number(step, "number"),
        Text(step, "name") ?? "",
        JobStatus.Completed,
        Text(step, "conclusion")?.ToLowerInvariant() switch
        {
            "succeeded" or "success" => JobStatus.Success,
            "canceled" or "cancelled" => JobStatus.Cancelled,
            "skipped" => JobStatus.Skipped,
            _ => JobStatus.Failure,
        },
        Time(step, "started_at"),
        Time(step, "completed_at"));

    /// <summary>An element of WorkflowStepsUpdate's `steps`: numbers (3 in progress, 5 pending, 6 completed; 2, 3, 4, 7 as outcome).</summary>
    public static StepRecord OfUpdate(JsonElement step) => new(
        Text(step, "external_id") ?? "",
        Number(step, "number"),
        Text(step, "name") ?? "",
        Number(step, "status") switch { 3 => JobStatus.InProgress, 6 => JobStatus.Completed, _ => JobStatus.Queued },
        Number(step, "conclusion") switch
        {
            2 => JobStatus.Success,
            3 => JobStatus.Failure,
            4 => JobStatus.Cancelled,
            7 => JobStatus.Skipped,
            _ => null,
        },
        Time(step, "started_at"),
        Time(step, "completed_at"));

    private static string? Text(JsonElement step, string name) =>
        step.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int Number(JsonElement step, string name) =>
        step.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : 0;

    private static DateTimeOffset? Time(JsonElement step, string name) =>
        DateTimeOffset.TryParse(Text(step, name), System.Globalization.CultureInfo.InvariantCulture, out var time) ? time : null;
}
