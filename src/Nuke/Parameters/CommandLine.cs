namespace Nuke.Common.Parameters;

/// <summary>The command line taken apart: options with their texts, and the words that stand alone, which name targets.</summary>
internal sealed class CommandLine
{
    private readonly IReadOnlyList<Option> _options;
    private readonly Queue<string> _tokens;
    private readonly Dictionary<Option, List<string>> _values = [];

    private CommandLine(IReadOnlyList<string> arguments, IReadOnlyList<Option> options)
    {
        Arguments = arguments;
        _tokens = new Queue<string>(arguments);
        _options = options;
    }

    public IReadOnlyList<string> Arguments { get; }

    public List<string> Problems { get; } = [];

    /// <summary>Words that name targets, each with the option it followed directly, if any.</summary>
    public List<(string Text, Option? After)> Words { get; } = [];

    public static CommandLine Parse(IReadOnlyList<string> arguments, IReadOnlyList<Option> options)
    {
        var line = new CommandLine(arguments, options);
        line.Parse();
        foreach (var option in options.Where(x => x.PairsOf != null))
            line.TakePairs(option);
        return line;
    }

    public RawValue? Of(Option option) =>
        _values.TryGetValue(option, out var texts) ? new RawValue($"--{option.DashedName}", texts, Origin.CommandLine) : null;

    private void Parse()
    {
        Option? last = null;
        while (_tokens.TryDequeue(out var token))
        {
            if (token == "--")
            {
                while (_tokens.TryDequeue(out var word))
                    Words.Add((word, null));
            }
            else if (IsOption(token))
            {
                last = Take(token);
            }
            else
            {
                Words.Add((token, last));
                last = null;
            }
        }
    }

    private Option? Take(string token)
    {
        var (name, value) = token.Split('=', 2) is [var left, var right] ? (left, right) : (token, null);
        if (Find(name) is not { } option)
        {
            // The words after it may be its values, and secret: none of them is taken for a target or shown.
            while (_tokens.TryPeek(out var next) && !IsOption(next))
                _tokens.Dequeue();
            Problems.Add($"Unknown option {name}.{Nearest.Hint(name, _options.Where(x => x.IsListed).Select(x => x.DashedName), "--")}");
            return null;
        }

        var texts = _values.TryGetValue(option, out var known) && option.IsList ? known : _values[option] = [];
        if (value != null)
            texts.Add(value);
        else
            TakeValues(option, texts);
        return option.IsList ? null : option;
    }

    private void TakeValues(Option option, List<string> texts)
    {
        var hasNext = _tokens.TryPeek(out var next);
        if (option.IsFlag)
        {
            texts.Add(hasNext && bool.TryParse(next, out _) ? _tokens.Dequeue() : bool.TrueString);
        }
        else if (option.IsList)
        {
            while (_tokens.TryPeek(out next) && !IsOption(next))
                texts.Add(_tokens.Dequeue());
        }
        else if (hasNext && !IsOption(next!) && !(option == BuiltIn.Parallel && next is not [>= '0' and <= '9', ..]))
        {
            texts.Add(_tokens.Dequeue());
        }
        else if (!option.IsBareAllowed)
        {
            _values.Remove(option);
            Problems.Add($"--{option.DashedName} needs a value; one that starts with '-' is given as --{option.DashedName}=VALUE.");
            if (hasNext && option.IsSecret && Find(next!.Split('=', 2)[0]) is null)
                _tokens.Dequeue();
        }
    }

    private void TakePairs(Option option)
    {
        if (!Words.Any(word => word.Text.Split('+').Any(name => Names.Key(name) == Names.Key(option.PairsOf!))))
            return;
        // What follows the value of a secret may be a part of it.
        var pairs = Words.Where(word => word.After is not { IsSecret: true } && word.Text.Contains('=', StringComparison.Ordinal)).ToList();
        if (pairs.Count == 0)
            return;
        Words.RemoveAll(pairs.Contains);
        var texts = _values.TryGetValue(option, out var known) ? known : _values[option] = [];
        texts.AddRange(pairs.Select(pair => pair.Text));
    }

    private Option? Find(string name) =>
        name is "-h" or "-?" ? BuiltIn.Help : _options.FirstOrDefault(x => x.Key == Names.Key(name)) ?? BuiltIn.PasswordNamed(name);

    private static bool IsOption(string token) =>
        token is ['-', var first, ..] && !char.IsAsciiDigit(first) && !(first == '.' && token.Length > 2 && char.IsAsciiDigit(token[2]));
}
