using Lab.GitHub.Rest;

namespace Lab.GitHub.Workflows;

/// <summary>The workflow files of all repositories, read from disk at each use so that edits count at once.</summary>
internal sealed class WorkflowFolder(string? directory)
{
    private static readonly string[] Canaries = ["canary.yml", "image-canary.yml"];

    /// <summary>Gives the example repository the project's canaries where they are not there yet.</summary>
    public void Prepare()
    {
        if (directory is null)
            return;

        var workflows = Directory.CreateDirectory(Path.Combine(directory, "acme", "widgets", ".github", "workflows"));
        foreach (var name in Canaries.Where(name => !File.Exists(Path.Combine(workflows.FullName, name))))
            File.Copy(Path.Combine(AppContext.BaseDirectory, name), Path.Combine(workflows.FullName, name));
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
