using System.Globalization;

namespace Supervisor.Control;

/// <summary>A slot is named in full (github-runner-2) or by the number at its end (2).</summary>
internal static class SlotNames
{
    public static bool IsMeant(string name, string asked) =>
        name == asked || (NumberIn(asked) is { } number && NumberIn(name[(name.AsSpan().LastIndexOfAnyExceptInRange('0', '9') + 1)..]) == number);

    public static bool IsNumber(string asked) => NumberIn(asked) is not null;

    /// <summary>The full names of those asked for, or all when none is.</summary>
    public static IReadOnlyList<string> Among(IReadOnlyList<string> all, IReadOnlyList<string> asked) =>
        asked.Count == 0 ? all : [.. asked.Select(one => One(all, one)).Distinct()];

    private static string One(IReadOnlyList<string> all, string asked)
    {
        if (all.Contains(asked))
            return asked;
        return all.Where(name => IsMeant(name, asked)).ToList() switch
        {
            [var one] => one,
            [] => throw new ControlFault($"There is no slot '{asked}'; there are: {string.Join(", ", all)}."),
            var several => throw new ControlFault($"'{asked}' may be any of {string.Join(", ", several)}: give the full name."),
        };
    }

    private static int? NumberIn(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
