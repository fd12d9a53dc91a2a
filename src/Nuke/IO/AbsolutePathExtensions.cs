#nullable disable
using System.Runtime.CompilerServices;

namespace Nuke.Common.IO;

/// <summary>Questions to the file system, and its directories.</summary>
public static partial class AbsolutePathExtensions
{
    private static readonly string[] NamesOfFiles = ["file", "executable", "exe", "script", "archive"];
    private static readonly string[] NamesOfDirectories = ["directory", "dir", "folder"];

    /// <summary>Whether the file or the directory exists, whichever of them the expression is named after, as in <c>StateFile.Exists()</c>.</summary>
    public static bool Exists(this AbsolutePath path, [CallerArgumentExpression(nameof(path))] string expression = null) =>
        NamesOfFiles.Any(x => expression.EndsWith(x, StringComparison.OrdinalIgnoreCase)) ? path.FileExists()
        : NamesOfDirectories.Any(x => expression.EndsWith(x, StringComparison.OrdinalIgnoreCase)) ? path.DirectoryExists()
        : throw new ArgumentException($"Cannot infer from argument '{expression}' if either file or directory must exist");

    public static AbsolutePath Existing(this AbsolutePath path, [CallerArgumentExpression(nameof(path))] string expression = null) =>
        path.Exists(expression) ? path : null;

    public static bool FileExists(this AbsolutePath path) => File.Exists(path);

    public static bool DirectoryExists(this AbsolutePath path) => Directory.Exists(path);

    public static AbsolutePath ExistingFile(this AbsolutePath path) => path.FileExists() ? path : null;

    public static AbsolutePath ExistingDirectory(this AbsolutePath path) => path.DirectoryExists() ? path : null;

    public static IEnumerable<AbsolutePath> WhereFileExists(this IEnumerable<AbsolutePath> paths) => paths.Where(FileExists);

    public static IEnumerable<AbsolutePath> WhereDirectoryExists(this IEnumerable<AbsolutePath> paths) => paths.Where(DirectoryExists);

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

    public static void DeleteFiles(this IEnumerable<AbsolutePath> paths) => paths.ToList().ForEach(DeleteFile);

    public static void DeleteDirectory(this AbsolutePath path)
    {
        if (path.DirectoryExists())
            Directory.Delete(path, recursive: true);
    }

    public static void DeleteDirectories(this IEnumerable<AbsolutePath> paths) => paths.ToList().ForEach(DeleteDirectory);

    public static IEnumerable<AbsolutePath> GetFiles(this AbsolutePath path, string pattern = "*", int depth = 1, FileAttributes attributes = 0) =>
        Entries(path, depth, attributes, (directory, options) => Directory.EnumerateFiles(directory, pattern, options));

    public static IEnumerable<AbsolutePath> GetDirectories(this AbsolutePath path, string pattern = "*", int depth = 1, FileAttributes attributes = 0) =>
        Entries(path, depth, attributes, (directory, options) => Directory.EnumerateDirectories(directory, pattern, options));

    public static FileInfo ToFileInfo(this AbsolutePath path) => new(path);

    public static DirectoryInfo ToDirectoryInfo(this AbsolutePath path) => new(path);

    private static List<AbsolutePath> Entries(
        AbsolutePath path, int depth, FileAttributes attributes, Func<string, EnumerationOptions, IEnumerable<string>> enumerate) =>
        depth < 1
            ? []
            : [.. enumerate(path, new EnumerationOptions { RecurseSubdirectories = depth > 1, MaxRecursionDepth = depth - 1, AttributesToSkip = 0 })
                .Where(x => (File.GetAttributes(x) & attributes) == attributes)
                .Select(AbsolutePath.Create)
                .OrderBy(x => x.ToString(), StringComparer.Ordinal)];
}
