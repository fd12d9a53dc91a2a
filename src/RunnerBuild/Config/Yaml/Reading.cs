using YamlDotNet.Core;

namespace RunnerBuild.Config.Yaml;

/// <summary>One reading of one file: what all its parts need to know, and every problem they find.</summary>
/// <param name="file">Absolute path of the file.</param>
internal sealed class Reading(string file)
{
    private readonly HashSet<Problem> _problems = [];

    public string File { get; } = file;

    /// <summary>The lab's settings when it is a lab's fleet: some rules are looser inside the lab's own network.</summary>
    public LabSettings? Lab { get; set; }

    /// <summary>The lab makes the keys that its fleet names; before it is up, they cannot be asked for.</summary>
    public bool FilesMayBeMissing { get; set; }

    public IReadOnlyList<Problem> Problems => [.. _problems.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column)];

    private string Folder => Path.GetDirectoryName(File)!;

    public void Add(Mark at, string path, string text) => _problems.Add(
        new Problem(NameForPeople(File), at.Line, at.Column, path, Node.LooksSecret().Replace(text, "***")));

    /// <summary>Relative paths are relative to the file's folder; `~` is the home directory.</summary>
    public string Resolve(string path)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var expanded = path == "~" ? home : path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(home, path[2..]) : path;
        return Path.GetFullPath(expanded, Folder);
    }

    public static string NameForPeople(string file)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, file);
        return relative.StartsWith("..", StringComparison.Ordinal) ? file : relative;
    }
}
