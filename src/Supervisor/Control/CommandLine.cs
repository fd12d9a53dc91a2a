using System.Globalization;

namespace Supervisor.Control;

/// <summary>Arguments of <c>runnerctl</c>: words, switches, and options with a value.</summary>
internal sealed record CommandLine(string[] Words, IReadOnlyDictionary<string, string> Options, string? Problem)
{
    private static readonly string[] switches = ["--json", "--wait", "--follow"];
    private static readonly string[] valued = ["--socket", "--state", "--slot", "--timeout", "--last", "--label", "--jobs", "--seconds"];
    private static readonly string[] numbers = ["--timeout", "--last", "--jobs", "--seconds"];

    public static CommandLine Read(IReadOnlyList<string> args)
    {
        var words = new List<string>();
        var options = new Dictionary<string, string>();
        for (var i = 0; i < args.Count; i++)
        {
            var arg = args[i] == "-f" ? "--follow" : args[i];
            if (arg is "--help" or "-h")
                words.Insert(0, "help");
            else if (!arg.StartsWith('-'))
                words.Add(arg);
            else if (switches.Contains(arg))
                options[arg] = "";
            else if (!valued.Contains(arg))
                return Wrong($"There is no option {arg}.");
            else if (i + 1 == args.Count)
                return Wrong($"{arg} needs a value.");
            else if (!options.TryAdd(arg, args[++i]))
                return Wrong($"{arg} is given twice.");
        }
        if (numbers.FirstOrDefault(name => options.TryGetValue(name, out var text) && NumberIn(text) is null) is { } name)
            return Wrong($"{name} should be a whole number, is '{options[name]}'.");
        return new CommandLine(words is ["help", ..] ? ["help"] : [.. words], options, null);
    }

    public bool Has(string name) => Options.ContainsKey(name);

    public string? Option(string name) => Options.GetValueOrDefault(name);

    public int? Number(string name) => Option(name) is { } text ? NumberIn(text) : null;

    private static CommandLine Wrong(string problem) => new([], new Dictionary<string, string>(), problem);

    private static int? NumberIn(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
