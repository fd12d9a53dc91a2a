using System.Globalization;
using System.Text.Json.Nodes;

namespace Lab.Runner.Working;

/// <summary>One step as it is told to the services. Conclusion `succeeded`, `failed`, `canceled`, `skipped`; null while it runs.</summary>
internal sealed class StepReport(string id, int number, string name, string type)
{
    public string Id => id;
    public string? Conclusion { get; set; }
    public DateTime Started { get; } = DateTime.UtcNow;
    public DateTime? Completed { get; set; }

    /// <summary>As in completejob: words.</summary>
    public JsonObject Result() => new()
    {
        ["external_id"] = id,
        ["number"] = number,
        ["name"] = name,
        ["action_name"] = null,
        ["type"] = type,
        ["status"] = "completed",
        ["conclusion"] = Conclusion,
        ["started_at"] = Time(Started),
        ["completed_at"] = Time(Completed),
        ["completed_log_lines"] = 0,
        ["annotations"] = new JsonArray(),
    };

    /// <summary>As in WorkflowStepsUpdate: numbers.</summary>
    public JsonObject Update() => new()
    {
        ["external_id"] = id,
        ["number"] = number,
        ["name"] = name,
        ["status"] = Completed is null ? 3 : 6,
        ["conclusion"] = Conclusion switch { "succeeded" => 2, "failed" => 3, "canceled" => 4, "skipped" => 7, _ => 0 },
        ["started_at"] = Time(Started),
        ["completed_at"] = Time(Completed),
    };

    private static string? Time(DateTime? time) => time?.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
