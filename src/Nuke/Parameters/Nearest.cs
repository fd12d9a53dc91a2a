namespace Nuke.Common.Parameters;

/// <summary>Finds what somebody probably meant.</summary>
internal static class Nearest
{
    /// <summary>" Did you mean 'x'?" for the candidate with the fewest changed letters; empty when none is near.</summary>
    public static string Hint(string name, IEnumerable<string> candidates, string prefix = "")
    {
        var key = Names.Key(name);
        var best = candidates.Select(x => (Name: x, Distance: Distance(key, Names.Key(x)))).OrderBy(x => x.Distance).FirstOrDefault();
        return best.Name != null && best.Distance <= Math.Max(1, Math.Min(key.Length, best.Name.Length) / 3) ? $" Did you mean '{prefix}{best.Name}'?" : "";
    }

    // Letters added, dropped, exchanged, or swapped with their neighbour.
    private static int Distance(string a, string b)
    {
        var cost = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                cost[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1, cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        }

        return cost[a.Length, b.Length];
    }
}
