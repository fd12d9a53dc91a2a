namespace Nuke.Common.Parameters;

/// <summary>Finds the variable that sets an option: the exact name, else one whose letters and digits are the name, with or without NUKE before it.</summary>
internal sealed class EnvironmentVariables(IReadOnlyDictionary<string, string> variables)
{
    private const string Prefix = "nuke";
    private readonly ILookup<string, string> _names = variables.Keys.ToLookup(Names.Key);

    /// <summary>Null when no variable sets the option. Variables that contradict each other are a problem.</summary>
    public RawValue? Of(Option option, List<string> problems)
    {
        var names = NamesOf(option);
        if (names.Select(name => variables[name]).Distinct().Count() > 1)
            problems.Add($"{option.Name} is set by several environment variables that differ: {string.Join(", ", names.Order(StringComparer.Ordinal))}. Unset all but one.");
        if (names.Count == 0)
            return null;

        var text = variables[names[0]];
        var source = $"environment variable {names[0]}";
        return text.Length > 0 ? new RawValue(source, [text], Origin.Environment)
            : option.IsFlag ? new RawValue(source, [bool.FalseString], Origin.Environment)
            : option.IsList ? new RawValue(source, [], Origin.Environment)
            : null;
    }

    public IEnumerable<string> ValuesOf(Option option) => NamesOf(option).Select(name => variables[name]);

    private List<string> NamesOf(Option option) =>
        !option.NeedsPrefix && variables.ContainsKey(option.Name) ? [option.Name]
        : option.NeedsPrefix ? [.. _names[Prefix + option.Key]]
        : [.. _names[option.Key], .. _names[Prefix + option.Key]];
}
