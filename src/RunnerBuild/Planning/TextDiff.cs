using System.Collections.Immutable;

namespace RunnerBuild.Planning;

/// <summary>The lines that differ between two texts, as `- old` and `+ new`, in order.</summary>
internal static class TextDiff
{
    private const int Shown = 10;

    public static ImmutableArray<string> Of(string from, string to)
    {
        var changed = Changed(Lines(from), Lines(to));
        return changed.Count <= Shown ? [.. changed] : [.. changed.Take(Shown - 1), $"… and {changed.Count - Shown + 1} more lines"];
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
                changed.Add($"- {from[i++]}");
            else
                changed.Add($"+ {to[j++]}");
        }

        return changed;
    }

    private static string[] Lines(string text) => text.TrimEnd('\n').Split('\n');
}
