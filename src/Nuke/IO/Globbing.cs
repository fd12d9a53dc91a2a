#nullable disable
using System.Text;
using System.Text.RegularExpressions;

namespace Nuke.Common.IO;

/// <summary>Files and directories by patterns: * within a name, ** over directories, ?, [abc], {a,b}.</summary>
public static class Globbing
{
    public static IReadOnlyCollection<AbsolutePath> GlobFiles(this AbsolutePath directory, params string[] patterns) =>
        Matches(directory, patterns, (path, options) => Directory.EnumerateFiles(path, "*", options));

    public static IReadOnlyCollection<AbsolutePath> GlobDirectories(this AbsolutePath directory, params string[] patterns) =>
        Matches(directory, patterns, (path, options) => Directory.EnumerateDirectories(path, "*", options));

    private static List<AbsolutePath> Matches(AbsolutePath directory, string[] patterns, Func<string, EnumerationOptions, IEnumerable<string>> enumerate)
    {
        if (patterns.Length == 0)
            (directory, patterns) = Split(directory);

        var found = new List<AbsolutePath>();
        foreach (var pattern in patterns.Select(x => x.Replace('\\', '/')))
        {
            // Only ** goes into directories of any depth.
            var depth = pattern.Contains("**", StringComparison.Ordinal) ? int.MaxValue : pattern.Count(x => x == '/');
            var options = new EnumerationOptions { RecurseSubdirectories = depth > 0, MaxRecursionDepth = depth, AttributesToSkip = 0 };
            var regex = new Regex(Translate(pattern), OperatingSystem.IsWindows() ? RegexOptions.IgnoreCase : RegexOptions.None);
            found.AddRange(enumerate(directory, options)
                .Where(path => regex.IsMatch(Path.GetRelativePath(directory, path).Replace('\\', '/')))
                .Order(StringComparer.Ordinal)
                .Select(AbsolutePath.Create));
        }

        return found;
    }

    // A path with a pattern in it: the directory is what stands before the first wildcard.
    private static (AbsolutePath Directory, string[] Patterns) Split(AbsolutePath definition)
    {
        var directory = definition;
        while (directory.ToString().Contains('*', StringComparison.Ordinal))
            directory = directory.Parent;
        return (directory, [Path.GetRelativePath(directory, definition)]);
    }

    private static string Translate(string pattern)
    {
        var regex = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            var rest = pattern.AsSpan(i);
            if (rest.StartsWith("**/"))
                (_, i) = (regex.Append("(?:.*/)?"), i + 2);
            else if (rest.StartsWith("**"))
                (_, i) = (regex.Append(".*"), i + 1);
            else
                regex.Append(Translate(pattern[i], isInBraces: pattern.AsSpan(0, i).LastIndexOf('{') > pattern.AsSpan(0, i).LastIndexOf('}')));
        }

        return regex.Append('$').ToString();
    }

    private static string Translate(char letter, bool isInBraces) => letter switch
    {
        '*' => "[^/]*",
        '?' => "[^/]",
        '[' or ']' => letter.ToString(),
        '{' => "(?:",
        '}' => ")",
        ',' when isInBraces => "|",
        _ => Regex.Escape(letter.ToString()),
    };
}
