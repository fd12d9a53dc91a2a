using Nuke.Common.Execution;
using Nuke.Common.IO;
using Nuke.Common.Output;
using Nuke.Common.Parameters;
using Nuke.Common.Tooling;

namespace Nuke.Common.Completion;

/// <summary><c>:complete WORD…</c>: what the last word, which may be empty, could become; one candidate a line. None where the shell knows better, as with files.</summary>
internal sealed class Candidates(BuildDefinition definition, IReadOnlyList<Option> options, AbsolutePath? root)
{
    public int Write(IReadOnlyList<string> words, BuildOutput output)
    {
        foreach (var candidate in Of(words))
            output.Line(candidate);
        return ExitCodes.Done;
    }

    public IEnumerable<string> Of(IReadOnlyList<string> words)
    {
        var current = words.LastOrDefault("");
        if (current is ['-', ..] && current.Split('=', 2) is [var name, var beginning])
            return Matching(Find(name) is { } option ? ValuesOf(option) : [], beginning).Select(x => $"{name}={x}");
        if (current is ['-', ..])
            return Matching(options.Where(x => x.IsListed && (x.IsList || !words.SkipLast(1).Any(word => Find(word) == x))).Select(x => $"--{x.DashedName}"), current);
        return Matching(ExpectedAfter([.. words.SkipLast(1)]) is { } expecting ? ValuesOf(expecting) : Targets, current);
    }

    private IEnumerable<string> Targets => TargetGraph.Members(definition.Type).Select(x => x.Name);

    // The option whose value comes next: the last one, when it takes more than it has.
    private Option? ExpectedAfter(List<string> words)
    {
        var last = words.FindLastIndex(x => x.StartsWith('-'));
        if (last < 0 || words[last].Contains('=', StringComparison.Ordinal))
            return null;
        return Find(words[last]) is { IsFlag: false } option && (option.IsList || last == words.Count - 1) ? option : null;
    }

    private Option? Find(string word) => word.StartsWith('-') ? options.FirstOrDefault(x => x.Key == Names.Key(word.Split('=', 2)[0])) : null;

    private IEnumerable<string> ValuesOf(Option option) =>
        option == BuiltIn.Target || option == BuiltIn.Skip ? Targets
        : option == BuiltIn.Host ? Hosts.Names
        : option == BuiltIn.Profile ? root is null ? [] : ParametersFile.ProfilesIn(root)
        : option.ValueProvider != null ? Provided(option)
        : option.ValueType.IsEnum ? Enum.GetNames(option.ValueType)
        : option.ValueType.IsAssignableTo(typeof(Enumeration)) ? Enumeration.ValuesOf(option.ValueType).Select(x => x.Name)
        : option.IsFlag ? ["true", "false"]
        : [];

    // The build may not be able to come to be outside of a run; then the shell has nothing to offer.
    private List<string> Provided(Option option)
    {
        try
        {
            return Request.AllowedFor(option, definition.Create());
        }
        catch (Exception)
        {
            return [];
        }
    }

    private static IEnumerable<string> Matching(IEnumerable<string> candidates, string beginning) =>
        candidates.Where(x => x.StartsWith(beginning, StringComparison.OrdinalIgnoreCase)
            || (beginning.Length > 0 && Names.Key(x).StartsWith(Names.Key(beginning), StringComparison.Ordinal) && Names.Key(beginning).Length > 0)).Order(StringComparer.Ordinal);
}
