using System.Text;
using System.Text.RegularExpressions;
using Lab.GitHub.State;

namespace Lab.GitHub.RunnerService;

/// <summary>Template tokens and context data as a job message carries them.</summary>
internal static partial class Tokens
{
    /// <summary>A string, or an expression (`format(…)`) when it holds `${{ }}`.</summary>
    public static object Text(string value)
    {
        var holes = Hole().Matches(value);
        if (holes.Count == 0)
            return value;

        var format = new StringBuilder();
        var end = 0;
        for (var i = 0; i < holes.Count; i++)
        {
            format.Append(Literal(value[end..holes[i].Index])).Append('{').Append(i).Append('}');
            end = holes[i].Index + holes[i].Length;
        }
        format.Append(Literal(value[end..]));
        var arguments = string.Concat(holes.Select(hole => $", {hole.Groups[1].Value.Trim()}"));
        return new { type = 3, expr = $"format('{format}'{arguments})" };
    }

    public static object Mapping(Dictionary<string, string> entries) => new
    {
        type = 2,
        map = entries.Select(entry => new { Key = entry.Key, Value = Text(entry.Value) }).ToArray(),
    };

    /// <summary>As `jobContainer` has it, and each of `jobServiceContainers`.</summary>
    public static object Container(JobContainer container)
    {
        List<object> map = [new { Key = "image", Value = Text(container.Image) }];
        if (container.Options is { Length: > 0 } options)
            map.Add(new { Key = "options", Value = Text(options) });
        if (container.Environment.Count > 0)
            map.Add(new { Key = "env", Value = Mapping(container.Environment) });
        foreach (var (name, list) in new[] { ("ports", container.Ports), ("volumes", container.Volumes) })
            if (list.Count > 0)
                map.Add(new { Key = name, Value = (object)new { type = 1, seq = list.Select(Text).ToArray() } });
        return new { type = 2, map };
    }

    public static object Dictionary(Dictionary<string, string> entries) => new
    {
        t = 2,
        d = entries.Select(entry => new { k = entry.Key, v = entry.Value }).ToArray(),
    };

    private static string Literal(string text) =>
        text.Replace("'", "''", StringComparison.Ordinal).Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);

    [GeneratedRegex(@"\$\{\{(.*?)\}\}", RegexOptions.Singleline)]
    public static partial Regex Hole();
}
