using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace RunnerBuild.Planning;

/// <summary>The lines that differ between two texts, as `- old` and `+ new`, in order.</summary>
internal static partial class TextDiff
{
    private const int Most = 10;

    public static ImmutableArray<string> Of(string from, string to)
    {
        var changed = Changed(Lines(from), Lines(to));
        return changed.Count <= Most ? [.. changed] : [.. changed.Take(Most - 1), $"… and {changed.Count - Most + 1} more lines"];
    }

    // By the longest common subsequence: these files have some hundred lines at most.
    private static List<string> Changed(string[] from, string[] to)
    {
        var common = new int[from.Length + 1, to.Length + 1];
        for (var i = from.Length - 1; i >= 0; i--)
        {
            for (var j = to.Length - 1; j >= 0; j--)
                common[i, j] = from[i] == to[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        }

        var changed = new List<string>();
        for (int i = 0, j = 0; i < from.Length || j < to.Length;)
        {
            if (i < from.Length && j < to.Length && from[i] == to[j])
                (i, j) = (i + 1, j + 1);
            else if (j == to.Length || i < from.Length && common[i + 1, j] >= common[i, j + 1])
                changed.Add($"- {Shown(from[i++])}");
            else
                changed.Add($"+ {Shown(to[j++])}");
        }

        return changed;
    }

    // A daemon.json of somebody else's may name a proxy with user and password.
    private static string Shown(string line) => UserInfo().Replace(line, "://***@");

    [GeneratedRegex("""://[^/@\s"']+@""")]
    private static partial Regex UserInfo();

    private static string[] Lines(string text) => text.TrimEnd('\n').Split('\n');
}
