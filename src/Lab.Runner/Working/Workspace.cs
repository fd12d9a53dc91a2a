using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Lab.Runner.Working;

/// <summary>The folders of a job, and the environment that all its steps have.</summary>
internal sealed class Workspace
{
    private readonly string _work;

    public Workspace(RunnerSettings settings, Contexts contexts)
    {
        var name = contexts["github"]["repository"]?.ToString().Split('/')[^1] ?? "job";
        _work = settings.WorkFolder;
        Folder = Directory.CreateDirectory(Path.Combine(_work, name, name)).FullName;
        Temp = Path.Combine(_work, "_temp");
        Empty(Temp);
        Directory.CreateDirectory(ToolCache);
        contexts["github"]["workspace"] = Folder;
        contexts["runner"] = RunnerContext(settings);
        contexts["github"]["event_path"] = WriteEvent(contexts);
    }

    public string Folder { get; }

    /// <summary>What all folders of the job are in.</summary>
    public string Work => _work;

    public string Temp { get; }

    /// <summary>Marks every process that a step starts, so that those left behind are found at the end.</summary>
    public string TrackingId { get; } = $"github_{Guid.NewGuid()}";

    private string ToolCache => Environment.GetEnvironmentVariable("RUNNER_TOOL_CACHE") is { Length: > 0 } given ? given : Path.Combine(_work, "_tool");

    public Dictionary<string, string> Variables(Contexts contexts)
    {
        var all = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");
        foreach (var (name, value) in contexts["github"])
            if (value is JsonValue && name != "token")
                all[$"GITHUB_{name.ToUpperInvariant()}"] = value.ToString();
        foreach (var (name, value) in contexts["runner"])
            all[$"RUNNER_{name.ToUpperInvariant()}"] = value?.ToString() ?? "";
        all["RUNNER_WORKSPACE"] = Path.GetDirectoryName(Folder)!;
        all["RUNNER_TRACKING_ID"] = TrackingId;
        all["GITHUB_ACTIONS"] = "true";
        all["CI"] = "true";
        all.TryAdd("HOME", Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
        return all;
    }

    public void Clear() => Empty(Temp);

    private JsonObject RunnerContext(RunnerSettings settings) => new()
    {
        ["name"] = settings.Name,
        ["os"] = "Linux",
        ["arch"] = RuntimeInformation.OSArchitecture.ToString().ToUpperInvariant(),
        ["temp"] = Temp,
        ["tool_cache"] = ToolCache,
        ["environment"] = "self-hosted",
    };

    private string WriteEvent(Contexts contexts)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Temp, "_github_workflow"));
        var file = Path.Combine(folder.FullName, "event.json");
        var content = contexts["github"]["event"] as JsonObject ?? new JsonObject { ["inputs"] = contexts["inputs"].DeepClone() };
        File.WriteAllText(file, content.ToJsonString());
        return file;
    }

    private static void Empty(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
    }
}
