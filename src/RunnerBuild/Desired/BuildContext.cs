using System.Collections.Immutable;

namespace RunnerBuild.Desired;

/// <summary>The files that an image is built from.</summary>
/// <param name="Folder">Absolute path; `.dockerignore` there says what is left out.</param>
/// <param name="Added">Files from elsewhere: absolute path by the path in the context, with slashes.</param>
internal sealed record BuildContext(string Folder, ImmutableSortedDictionary<string, string> Added)
{
    public BuildContext(string folder) : this(folder, ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal))
    {
    }

    /// <summary>What is sent to the engine, in an order that depends neither on the file system nor on the machine. Paths have slashes everywhere.</summary>
    public IReadOnlyList<(string Path, string File)> Files()
    {
        var list = Path.Combine(Folder, ".dockerignore");
        var ignored = new DockerIgnore(File.Exists(list) ? File.ReadLines(list) : []);
        return
        [
            .. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
                .Select(file => (Path: Path.GetRelativePath(Folder, file).Replace('\\', '/'), File: file))
                .Where(entry => IsSent(entry.Path, ignored) && !Added.ContainsKey(entry.Path))
                .Concat(Added.Select(entry => (Path: entry.Key, File: entry.Value)))
                .OrderBy(entry => entry.Path, StringComparer.Ordinal),
        ];
    }

    public static byte[] Content(string file) => File.ReadAllBytes(file);

    public string Read(string path) => File.ReadAllText(Files().First(entry => entry.Path == path).File);

    /// <summary>A context with the files of somebody's own tool sets.</summary>
    public BuildContext WithSet(string name, string script)
    {
        var check = Path.ChangeExtension(script, ".check");
        var added = Added.SetItem($"tools/{name}.sh", script);
        return this with { Added = File.Exists(check) ? added.SetItem($"tools/{name}.check", check) : added };
    }

    // As docker's own command line does it; but what git keeps for itself changes without a change of the recipe.
    private static bool IsSent(string path, DockerIgnore ignored) =>
        path is "Dockerfile" or ".dockerignore" || !path.Split('/').Contains(".git") && !ignored.Excludes(path);
}
