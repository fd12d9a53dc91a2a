namespace RunnerBuild.Remote.Ssh;

/// <summary>Words for a POSIX shell, quoted so that any text arrives as it is.</summary>
internal static class Shell
{
    public static string Quote(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));
}
