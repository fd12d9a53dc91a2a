using System.Text.Json;
using Lab.GitHub.RunnerService;

namespace Lab.GitHub.Rest;

/// <summary>`POST …/actions/runners/generate-jitconfig`.</summary>
internal sealed class JitConfigEndpoint(Accounts accounts, Registrations registrations, RunnerBodies bodies)
{
    private const int MostLabels = 100;
    private const int LongestLabel = 256;
    public const int LongestName = 64;

    public void Map(RestRoutes routes)
    {
        foreach (var scope in Accounts.Scopes)
            routes.Post($"{scope}/actions/runners/generate-jitconfig", Generate);
    }

    private IResult Generate(RestCall call)
    {
        var scope = accounts.Scope(call, write: true);
        var documentation = RunnerDocumentation.Of(scope, "create-configuration-for-a-just-in-time-runner");
        if (Objection(call) is { } objection)
            throw RestRefusal.Unprocessable($"Invalid request.\n\n{objection}", documentation);

        var group = call.Field("runner_group_id")!.Value.GetInt32();
        if (!accounts.Groups(scope).Any(g => g.Id == group))
            throw RestRefusal.NotFound(documentation);

        var name = call.Text("name")!;
        var labels = call.Field("labels")!.Value.EnumerateArray().Select(label => label.GetString()!);
        var made = registrations.MintJit(scope, name, group, labels, call.Text("work_folder") ?? "_work")
            ?? throw new RestRefusal(409, $"Already exists - A runner with the name {name} already exists.", documentation);
        return Results.Json(
            new { runner = bodies.Of(made.Runner), encoded_jit_config = made.Configuration },
            statusCode: StatusCodes.Status201Created);
    }

    private static string? Objection(RestCall call)
    {
        string[] missing = [.. ((string[])["name", "runner_group_id", "labels"]).Where(field => call.Field(field) is null).Select(f => $"\"{f}\"")];
        if (missing.Length > 0)
            return $"{string.Join(", ", missing)} {(missing.Length == 1 ? "wasn't" : "weren't")} supplied.";
        if (call.Text("name") is not { Length: > 0 and <= LongestName })
            return $"For 'properties/name', a name of 1 to {LongestName} characters is expected.";
        if (call.Field("runner_group_id") is not { ValueKind: JsonValueKind.Number } group || !group.TryGetInt32(out _))
            return $"For 'properties/runner_group_id', {call.Field("runner_group_id")} is not an integer.";
        if (call.Field("work_folder") is { ValueKind: not JsonValueKind.String } folder)
            return $"For 'properties/work_folder', {folder} is not a string.";
        return LabelObjection(call.Field("labels")!.Value);
    }

    public static string? LabelObjection(JsonElement labels, int least = 1)
    {
        if (labels.ValueKind != JsonValueKind.Array)
            return $"For 'properties/labels', {labels} is not an array.";
        if (labels.GetArrayLength() < least || labels.GetArrayLength() > MostLabels)
            return $"For 'properties/labels', {least} to {MostLabels} items are expected, {labels.GetArrayLength()} were given.";
        return labels.EnumerateArray().All(l => l is { ValueKind: JsonValueKind.String } && l.GetString() is { Length: > 0 and <= LongestLabel })
            ? null
            : $"For 'properties/labels', every item should be a string of 1 to {LongestLabel} characters.";
    }
}
