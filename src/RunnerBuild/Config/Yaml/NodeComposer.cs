using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace RunnerBuild.Config.Yaml;

/// <summary>
/// Turns YAML text into nodes that know their places. YamlDotNet's own representation model stops at the first duplicate key and
/// recurses as deep as its input says; here duplicates are left for the reader to report, and depth is limited.
/// Errors: <see cref="YamlException"/> with the place.
/// </summary>
internal sealed class NodeComposer
{
    private const int Deepest = 50;
    private readonly Parser _parser;
    private readonly Dictionary<string, Node> _anchored = [];

    private NodeComposer(string text) => _parser = new Parser(new StringReader(text));

    /// <summary>The one document of a text; null when there is none.</summary>
    public static Node? Compose(string text)
    {
        var composer = new NodeComposer(text);
        try
        {
            return composer.Document();
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException)
        {
            // YamlDotNet's scanner ends so on some malformed texts, such as `key: [ other: a`.
            var place = composer._parser.Current?.End ?? Mark.Empty;
            throw new YamlException(
                place, place, "what comes after this place is not YAML; a bracket, brace or quotation mark may be open.", fault);
        }
    }

    private Node? Document()
    {
        var parser = _parser;
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _))
            return null;

        var root = Next(0);
        parser.Consume<DocumentEnd>();
        return parser.TryConsume<DocumentStart>(out var second)
            ? throw new YamlException(
                second.Start, second.End, "a second document begins here; a fleet is one document, so remove the '---' line.")
            : root;
    }

    private Node Next(int depth)
    {
        if (_parser.TryConsume<AnchorAlias>(out var alias))
            return _anchored.GetValueOrDefault(alias.Value.Value) ?? throw new YamlException(
                alias.Start, alias.End, $"'*{alias.Value}' stands for nothing: no value that ends before it is marked '&{alias.Value}'.");

        var start = _parser.Consume<NodeEvent>();
        if (!start.Tag.IsEmpty)
            throw new YamlException(start.Start, start.End, $"the tag '{start.Tag}' has no meaning in a fleet file; remove it.");
        if (depth > Deepest)
            throw new YamlException(start.Start, start.End, $"this is nested deeper than {Deepest} levels.");

        Node node = start switch
        {
            Scalar scalar => new Node.Scalar(scalar.Start, scalar.Value, scalar.Style == ScalarStyle.Plain),
            SequenceStart list => new Node.List(list.Start, Items(depth)),
            _ => new Node.Map(start.Start, Entries(depth)),
        };
        if (!start.Anchor.IsEmpty)
            _anchored[start.Anchor.Value] = node;
        return node;
    }

    private ImmutableArray<Node> Items(int depth)
    {
        var items = ImmutableArray.CreateBuilder<Node>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
            items.Add(Next(depth + 1));
        return items.ToImmutable();
    }

    private ImmutableArray<Entry> Entries(int depth)
    {
        var entries = ImmutableArray.CreateBuilder<Entry>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var start = _parser.Current!;
            if (Next(depth + 1) is not Node.Scalar key)
                throw new YamlException(start.Start, start.End, "a key should be text, is a list or a mapping.");
            entries.Add(new Entry(key, Next(depth + 1)));
        }
        return entries.ToImmutable();
    }
}
