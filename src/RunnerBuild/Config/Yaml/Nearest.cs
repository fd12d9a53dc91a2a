namespace RunnerBuild.Config.Yaml;

/// <summary>Finds what somebody meant who mistyped a word.</summary>
internal static class Nearest
{
    public static string? To(string word, IEnumerable<string> known)
    {
        var near = known
            .Select(candidate => (candidate, Distance: Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .OrderBy(pair => pair.Distance)
            .FirstOrDefault();
        return near.candidate is not null && near.Distance <= Math.Max(1, near.candidate.Length / 3) ? near.candidate : null;
    }

    /// <summary>Levenshtein's: letters to add, remove or replace.</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
                (row[j], diagonal) = (Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (from[i - 1] == to[j - 1] ? 0 : 1)), row[j]);
        }
        return row[^1];
    }
}
