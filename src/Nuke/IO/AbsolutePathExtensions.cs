#nullable disable
namespace Nuke.Common.IO;

/// <summary>Questions to the file system, and its directories.</summary>
public static partial class AbsolutePathExtensions
{
    public static bool FileExists(this AbsolutePath path) => File.Exists(path);

    public static bool DirectoryExists(this AbsolutePath path) => Directory.Exists(path);

    public static AbsolutePath ExistingFile(this AbsolutePath path) => path.FileExists() ? path : null;

    public static AbsolutePath ExistingDirectory(this AbsolutePath path) => path.DirectoryExists() ? path : null;

    public static AbsolutePath CreateDirectory(this AbsolutePath path)
    {
        Directory.CreateDirectory(path);
        return path;
    }

    public static AbsolutePath CreateOrCleanDirectory(this AbsolutePath path)
    {
        path.DeleteDirectory();
        return path.CreateDirectory();
    }

    public static void DeleteFile(this AbsolutePath path)
    {
        if (path.FileExists())
            File.Delete(path);
    }

    public static void DeleteDirectory(this AbsolutePath path)
    {
        if (path.DirectoryExists())
            Directory.Delete(path, recursive: true);
    }

    public static IReadOnlyCollection<AbsolutePath> GetFiles(this AbsolutePath path, string pattern = "*", int depth = 1) =>
        Entries(path, depth, (directory, options) => Directory.EnumerateFiles(directory, pattern, options));

    public static IReadOnlyCollection<AbsolutePath> GetDirectories(this AbsolutePath path, string pattern = "*", int depth = 1) =>
        Entries(path, depth, (directory, options) => Directory.EnumerateDirectories(directory, pattern, options));

    public static string GetRelativePathTo(this AbsolutePath from, AbsolutePath to) => Path.GetRelativePath(from, to);

    public static bool Contains(this AbsolutePath parent, AbsolutePath child) =>
        !Path.GetRelativePath(parent, child).StartsWith("..", StringComparison.Ordinal);

    private static List<AbsolutePath> Entries(AbsolutePath path, int depth, Func<string, EnumerationOptions, IEnumerable<string>> enumerate) =>
        depth < 1
            ? []
            : [.. enumerate(path, new EnumerationOptions { RecurseSubdirectories = depth > 1, MaxRecursionDepth = depth - 1, AttributesToSkip = 0 })
                .Select(AbsolutePath.Create)
                .OrderBy(x => x.ToString(), StringComparer.Ordinal)];
}
