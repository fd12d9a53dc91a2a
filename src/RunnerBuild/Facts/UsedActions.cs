using System.Collections.Immutable;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace RunnerBuild.Facts;

/// <summary>An action as a workflow names it.</summary>
/// <param name="Repository">`owner/name`; a folder in it is part of the same archive.</param>
/// <param name="Ref">Tag, branch or commit.</param>
internal sealed record UsedAction(string Repository, string Ref);

/// <summary>The actions that the steps of a workflow use. What these use in turn only the runner finds out, and downloads.</summary>
internal static partial class UsedActions
{
    /// <returns>Nothing of what is no workflow: GitHub tells its authors.</returns>
    public static ImmutableArray<UsedAction> In(string workflow)
    {
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(workflow));
            return yaml.Documents is [{ RootNode: YamlMappingNode root }, ..] ? [.. StepsOf(root).Select(Named).OfType<UsedAction>().Distinct()] : [];
        }
        catch (YamlException)
        {
            return [];
        }
    }

    private static IEnumerable<YamlMappingNode> StepsOf(YamlMappingNode root) => Of(root, "jobs") is YamlMappingNode jobs
        ? jobs.Children.Values.OfType<YamlMappingNode>().Select(job => Of(job, "steps")).OfType<YamlSequenceNode>().SelectMany(steps => steps.OfType<YamlMappingNode>())
        : [];

    private static UsedAction? Named(YamlMappingNode step) =>
        Of(step, "uses") is YamlScalarNode { Value: { } uses } && Form().Match(uses.Trim()) is { Success: true } match ? new(match.Groups[1].Value, match.Groups[2].Value) : null;

    private static YamlNode? Of(YamlMappingNode map, string key) => map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    // Neither `./folder` of the same repository nor `docker://image`.
    [GeneratedRegex(@"^([A-Za-z0-9][\w-]*/[\w.-]+)(?:/[^@]*)?@([^\s@]+)$")]
    private static partial Regex Form();
}
