namespace Supervisor.Control;

/// <summary>Arguments of <c>runnerctl</c>: words, switches, and options with a value.</summary>
internal sealed record CommandLine(string[] Words, IReadOnlyDictionary<string, string> Options, string? Problem)
{
    private static readonly string[] switches = ["--json", "--wait"];
    private static readonly string[] valued = ["--socket", "--label", "--jobs", "--seconds"];

    public static CommandLine Read(IReadOnlyList<string> args)
    {
        var words = new List<string>();
        var options = new Dictionary<string, string>();
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] is "--help" or "-h")
                words.Insert(0, "help");
            else if (!args[i].StartsWith('-'))
                words.Add(args[i]);
            else if (switches.Contains(args[i]))
                options[args[i]] = "";
            else if (!valued.Contains(args[i]))
                return new CommandLine([], options, $"There is no option {args[i]}.");
            else if (i + 1 == args.Count)
                return new CommandLine([], options, $"{args[i]} needs a value.");
            else
                options[args[i]] = args[++i];
        }
        return new CommandLine(words is ["help", ..] ? ["help"] : [.. words], options, null);
    }

    public bool Has(string name) => Options.ContainsKey(name);

    public string? Option(string name) => Options.GetValueOrDefault(name);
}
