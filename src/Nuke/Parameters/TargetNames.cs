using Nuke.Common.Execution;

namespace Nuke.Common.Parameters;

/// <summary>Words to names of targets: whatever the case and the dashes, and several joined by a plus.</summary>
internal sealed class TargetNames(BuildDefinition definition, List<string> problems)
{
    private readonly IReadOnlyList<string> _known = [.. TargetGraph.Members(definition.Type).Select(x => x.Name)];

    public List<string> Resolve(IEnumerable<(string Text, Option? After)> words)
    {
        var found = new List<string>();
        foreach (var (text, after) in words.SelectMany(word => word.Text.Split('+').Select(part => (part, word.After))))
        {
            if (_known.FirstOrDefault(x => Names.Key(x) == Names.Key(text)) is { } name)
                found.Add(name);
            else
                problems.Add(Unknown(text, after));
        }

        return [.. found.Distinct()];
    }

    private string Unknown(string text, Option? after)
    {
        if (after is { IsSecret: true })
            return $"What follows the value of --{after.DashedName} is no target (not shown); a value with spaces needs quotes.";

        var hint = Nearest.Hint(text, _known);
        return after is null
            ? $"Target with name '{text}' does not exist.{hint} Available targets are:{string.Concat(_known.Order(StringComparer.Ordinal).Select(x => $"\n  - {x}"))}"
            : $"'{text}' is no further value of --{after.DashedName}, which takes one, and no target.{hint}";
    }
}
