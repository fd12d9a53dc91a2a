using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lab.Runner;

/// <summary>`.runner`. Addresses end in `/`.</summary>
/// <param name="WorkFolder">Absolute path.</param>
internal sealed record RunnerSettings(long AgentId, string Name, string WorkFolder, bool Ephemeral, bool DisableUpdate, Uri Broker)
{
    public static RunnerSettings Read(RunnerRoot root)
    {
        var file = ConfigurationFile.Read(root, ".runner");
        if (!ConfigurationFile.Flag(file, "UseV2Flow"))
            throw new RunnerFailure(".runner has no UseV2Flow: the stand-in speaks only the broker's protocol.", ExitCode.Terminated);

        var folder = ConfigurationFile.Text(file, "WorkFolder") ?? throw new RunnerFailure(".runner has no WorkFolder.", ExitCode.Retryable);
        var server = ConfigurationFile.Text(file, "ServerUrlV2") ?? throw new RunnerFailure(".runner has no ServerUrlV2.", ExitCode.Terminated);
        return new(
            long.TryParse(ConfigurationFile.Text(file, "AgentId"), out var id) ? id : throw new RunnerFailure(".runner has no AgentId.", ExitCode.Terminated),
            ConfigurationFile.Text(file, "AgentName") ?? Environment.MachineName,
            Path.Combine(root.Path, folder),
            ConfigurationFile.Flag(file, "Ephemeral"),
            ConfigurationFile.Flag(file, "DisableUpdate"),
            new Uri(server));
    }
}

/// <summary>Reads the runner's JSON files: names in any case, scalars also as text.</summary>
internal static class ConfigurationFile
{
    private static readonly JsonNodeOptions AnyCase = new() { PropertyNameCaseInsensitive = true };

    public static JsonObject Read(RunnerRoot root, string name)
    {
        if (!File.Exists(root.File(name)))
            throw new RunnerFailure("Not configured. Run config.(sh/cmd) to configure the runner.", ExitCode.Terminated);

        try
        {
            return JsonNode.Parse(File.ReadAllText(root.File(name)), AnyCase)?.AsObject() ?? throw new JsonException("it is null");
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            throw new RunnerFailure($"{name} cannot be read: {wrong.Message}", ExitCode.Terminated);
        }
    }

    public static string? Text(JsonObject file, string name) => file[name]?.ToString();

    public static bool Flag(JsonObject file, string name) => bool.TryParse(Text(file, name), out var flag) && flag;
}
