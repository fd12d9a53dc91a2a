using Lab.GitHub.Rest;

namespace Lab.GitHub.Workflows;

/// <summary>The workflow files of all repositories, read from disk at each use so that edits count at once.</summary>
internal sealed class WorkflowFolder(string? directory)
{
    /// <summary>Gives the example repository the project's canary when there is no folder yet.</summary>
    public void Prepare()
    {
        if (directory is null || Directory.Exists(directory))
            return;

        var workflows = Directory.CreateDirectory(Path.Combine(directory, "acme", "widgets", ".github", "workflows"));
        File.Copy(Path.Combine(AppContext.BaseDirectory, "canary.yml"), Path.Combine(workflows.FullName, "canary.yml"));
    }

    /// <summary>Paths such as `.github/workflows/canary.yml`.</summary>
    public List<string> PathsOf(string repository)
    {
        var folder = directory is null ? null : Path.Combine(directory, repository, ".github", "workflows");
        return folder is null || !Directory.Exists(folder)
            ? []
            : [.. Directory.GetFiles(folder).Where(IsYaml).Order(StringComparer.Ordinal).Select(file => $".github/workflows/{Path.GetFileName(file)}")];
    }

    /// <summary>The path of a workflow by its file name or number, null when there is none.</summary>
    public string? Find(string repository, string workflow) =>
        PathsOf(repository).Find(path => Path.GetFileName(path) == workflow || $"{Number(repository, path)}" == workflow);

    public string Text(string repository, string path) => File.ReadAllText(Path.Combine(directory!, repository, path));

    public static long Number(string repository, string path) => StableId.Of($"{repository}:{path}");

    private static bool IsYaml(string file) => Path.GetExtension(file) is ".yml" or ".yaml";
}
