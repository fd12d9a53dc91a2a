using System.Collections.Immutable;

namespace RunnerBuild.Config.Yaml;

/// <summary>A value somewhere in a file that is being read.</summary>
/// <param name="Path">`hosts/gh-runner-01/pools[0]`; empty for the whole file.</param>
internal readonly record struct Place(Node Node, string Path, Reading Reading)
{
    private const string MergeKey = "<<";

    public Place Below(string key, Node node) => this with { Node = node, Path = Path.Length == 0 ? key : $"{Path}/{key}" };

    public Place Item(int index, Node node) => this with { Node = node, Path = $"{Path}[{index}]" };

    public void Say(string text) => Reading.Add(Node.Start, Path, text);

    public void Say(string key, string text) => Below(key, Node).Say(text);

    /// <param name="expectation">`be a whole number from 0 to 100`.</param>
    public void Should(string expectation) => Say($"should {expectation}, is {Node.Seen}");

    /// <summary>The entries of a mapping, each key once. What is merged in with `&lt;&lt;` comes after what is said here, which
    /// wins.</summary>
    public IReadOnlyList<Entry> Entries(Node.Map map)
    {
        var entries = new List<Entry>();
        var known = new HashSet<string>();
        foreach (var entry in map.Entries.Where(entry => entry.Key.Value != MergeKey))
        {
            if (known.Add(entry.Key.Value))
                entries.Add(entry);
            else
                Below(entry.Key.Value, entry.Key).Say("is here twice; remove one");
        }

        var merged = new HashSet<Node>(ReferenceEqualityComparer.Instance);
        Merge(map, merged, entry => { if (known.Add(entry.Key.Value)) entries.Add(entry); });
        return entries;
    }

    private void Merge(Node.Map map, HashSet<Node> merged, Action<Entry> add)
    {
        foreach (var source in map.Entries.Where(entry => entry.Key.Value == MergeKey))
        {
            foreach (var node in source.Value is Node.List list ? list.Items : ImmutableArray.Create(source.Value))
            {
                if (node is not Node.Map other)
                    Below(MergeKey, node).Should("be a mapping or a list of mappings");
                else if (merged.Add(other))
                {
                    foreach (var entry in other.Entries.Where(entry => entry.Key.Value != MergeKey))
                        add(entry);
                    Merge(other, merged, add);
                }
            }
        }
    }
}
