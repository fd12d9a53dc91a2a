using Lab.GitHub.RunnerService;
using YamlDotNet.RepresentationModel;

namespace Lab.GitHub.Workflows;

/// <summary>A mapping of a workflow with its place in the file, for errors that name it.</summary>
internal sealed class YamlMap(string path, YamlMappingNode node)
{
    public string Path => path;

    public List<string> Keys => [.. node.Children.Keys.Select(key => ((YamlScalarNode)key).Value ?? "")];

    public bool Has(string key) => Child(key) is not null;

    public void Only(params string[] known)
    {
        if (Keys.Find(key => !known.Contains(key)) is { } unknown)
            throw new WorkflowProblem($"{At(unknown)}: the lab does not do this (it knows {string.Join(", ", known)})");
    }

    public string? Text(string key) => Child(key) switch
    {
        null => null,
        YamlScalarNode scalar => Checked(key, scalar.Value ?? ""),
        _ => throw new WorkflowProblem($"{At(key)}: should be text"),
    };

    public YamlMap? Map(string key) => Child(key) switch
    {
        YamlMappingNode map => new(At(key), map),
        _ => null,
    };

    public List<YamlMap> Maps(string key) => Child(key) is YamlSequenceNode list
        ? [.. list.Select((item, i) => new YamlMap($"{At(key)}[{i}]", item as YamlMappingNode ?? throw new WorkflowProblem($"{At(key)}[{i}]: should be a mapping")))]
        : [];

    /// <summary>One text, or a list of them.</summary>
    public List<string> List(string key) => Child(key) switch
    {
        YamlScalarNode { Value: { Length: > 0 } one } => [one],
        YamlSequenceNode list => [.. list.Select(item => (item as YamlScalarNode)?.Value ?? throw new WorkflowProblem($"{At(key)}: should be a list of text"))],
        _ => [],
    };

    public Dictionary<string, string> Texts(string key) => Map(key) is { } map ? map.Keys.ToDictionary(k => k, k => map.Text(k) ?? "") : [];

    private YamlNode? Child(string key) => node.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;

    private string Checked(string key, string text)
    {
        foreach (var expression in Tokens.Hole().Matches(text).Select(hole => hole.Groups[1].Value.Trim()))
            if (WorkflowExpression.Unknown(expression) is { } unknown)
                throw new WorkflowProblem($"{At(key)}: the lab does not know {unknown} in expressions ({expression})");
        return text;
    }

    private string At(string key) => path.Length == 0 ? key : $"{path}.{key}";
}
