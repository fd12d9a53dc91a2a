using Nuke.Common.Execution;
using Nuke.Common.Parameters;

namespace Nuke.Common.Output;

/// <summary>The targets and parameters of a build, for people.</summary>
internal sealed class HelpText(IReadOnlyList<ExecutableTarget> targets, IReadOnlyList<Option> options, int columns)
{
    private const int WidestLine = 90;

    public IEnumerable<string> Lines()
    {
        yield return "Targets (with their direct dependencies):";
        yield return "";
        foreach (var line in targets.Where(x => x.Listed).SelectMany(Lines))
            yield return line;

        yield return "";
        yield return "Parameters:";
        yield return "";
        var listed = options.Where(x => x.IsListed).OrderBy(x => x.DashedName, StringComparer.Ordinal).ToList();
        var width = Math.Max(16, listed.Max(x => x.DashedName.Length));
        foreach (var line in listed.Where(x => !x.IsBuiltIn).SelectMany(x => Lines(x, width)))
            yield return line;
        if (listed.Exists(x => !x.IsBuiltIn))
            yield return "";
        foreach (var line in listed.Where(x => x.IsBuiltIn).SelectMany(x => Lines(x, width)))
            yield return line;
        yield return "";
    }

    private IEnumerable<string> Lines(ExecutableTarget target)
    {
        var width = Math.Max(20, targets.Max(x => x.Name.Length));
        var dependencies = string.Join(", ", target.ExecutionDependencies.Select(x => x.Name));
        yield return $"  {(target.Name + (target.IsDefault ? " (default)" : "")).PadRight(width)}{(dependencies.Length > 0 ? $" -> {dependencies}" : "")}";
        if (!string.IsNullOrWhiteSpace(target.Description))
            yield return $"    {target.Description}";
    }

    private IEnumerable<string> Lines(Option option, int width)
    {
        var defaults = targets.Where(x => x.IsDefault).Select(x => x.Name).ToList();
        var description = option.Description is null
            ? "<no description>"
            : option.Description.Replace("{default_target}", defaults.Count > 0 ? string.Join(", ", defaults) : "<none>", StringComparison.Ordinal).TrimEnd('.') + ".";
        var lines = Wrap(description, width + 6);
        return lines.Select((line, i) => i == 0 ? $"  --{option.DashedName.PadRight(width)}  {line}" : new string(' ', width + 6) + line);
    }

    private List<string> Wrap(string text, int indent)
    {
        var lines = new List<string> { "" };
        foreach (var word in text.Split(' '))
        {
            var length = indent + lines[^1].Length + word.Length;
            if (lines[^1].Length > 0 && (length >= columns || length > WidestLine))
                lines.Add("");
            lines[^1] += " " + word;
        }

        return lines;
    }
}
