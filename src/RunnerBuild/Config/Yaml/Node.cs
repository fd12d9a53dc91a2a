using System.Collections.Immutable;
using System.Text.RegularExpressions;
using YamlDotNet.Core;

namespace RunnerBuild.Config.Yaml;

/// <summary>A YAML value and where it starts. Aliases are resolved to what they stand for; merge keys are still as written.</summary>
internal abstract partial record Node(Mark Start)
{
    private const int LongestQuote = 60;

    /// <summary>What a person would call it in "should be …, is …".</summary>
    public abstract string Seen { get; }

    public sealed record List(Mark Start, ImmutableArray<Node> Items) : Node(Start)
    {
        public override string Seen => "a list";
    }

    public sealed record Map(Mark Start, ImmutableArray<Entry> Entries) : Node(Start)
    {
        public override string Seen => "a mapping";
    }

    /// <param name="Plain">Written without quotes, so that `2` is a number and `~` is nothing.</param>
    public sealed record Scalar(Mark Start, string Value, bool Plain) : Node(Start)
    {
        public bool IsEmpty => Plain && Value.Length == 0;

        public bool IsNull => Plain && Value is "" or "~" or "null" or "Null" or "NULL";

        public override string Seen => IsEmpty ? "empty" : Plain ? $"'{Quoted}'" : $"the text '{Quoted}'";

        private string Quoted => LooksSecret().IsMatch(Value) ? "***" : Short(Value.ReplaceLineEndings(" "));
    }

    private static string Short(string text) => text.Length <= LongestQuote ? text : $"{text[..LongestQuote]}…";

    /// <summary>Tokens, keys and passwords in web addresses that were pasted into the wrong place must not be repeated on a
    /// screen.</summary>
    [GeneratedRegex(@"\b(gh[pousr]_|github_pat_)\w+|PRIVATE KEY|(?<=://)[^\s/@]+@")]
    public static partial Regex LooksSecret();
}

internal sealed record Entry(Node.Scalar Key, Node Value);
