#nullable disable
namespace Nuke.Common.IO;

/// <summary>A path from some directory to another place, with the separator of this system.</summary>
public class RelativePath
{
    private readonly string _path;

    protected RelativePath(string path) => _path = path;

    public static implicit operator RelativePath(string path) => path is null ? null : new RelativePath(path);

    public static implicit operator string(RelativePath path) => path?._path;

    public static RelativePath operator /(RelativePath left, string right) => Path.Join(left.NotNull()._path, right);

    public static RelativePath operator +(RelativePath left, string right) => left.NotNull()._path + right;

    public override string ToString() => _path;
}

/// <summary>A relative path with slashes, whatever the system.</summary>
public class UnixRelativePath : RelativePath
{
    internal UnixRelativePath(string path)
        : base(path.Replace('\\', '/'))
    {
    }
}

/// <summary>How one path lies to another.</summary>
public static class PathConstruction
{
    public static RelativePath GetRelativePathTo(this AbsolutePath basePath, string destinationPath) => Path.GetRelativePath(basePath, destinationPath);

    public static UnixRelativePath GetUnixRelativePathTo(this AbsolutePath basePath, string destinationPath) =>
        new(Path.GetRelativePath(basePath, destinationPath));

    public static bool Contains(this AbsolutePath basePath, string destinationPath) =>
        Path.GetRelativePath(basePath, destinationPath) is not ".." and var path
        && !path.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal) && !Path.IsPathRooted(path);

    public static string GetRelativePath(string basePath, string destinationPath) => Path.GetRelativePath(basePath, destinationPath);

    public static bool IsDescendantPath(string basePath, string destinationPath) => AbsolutePath.Create(basePath).Contains(destinationPath);

    public static bool HasPathRoot(string path) => path != null && Path.IsPathRooted(path);
}
