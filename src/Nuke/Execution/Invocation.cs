using System.Collections;
using System.Text;
using Nuke.Common.IO;

namespace Nuke.Common.Execution;

/// <summary>All that a run takes from its process.</summary>
internal sealed record Invocation(
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    string WorkingDirectory,
    TextWriter Output)
{
    public string HomeDirectory { get; init; } = RootSearch.Home;

    /// <summary>Whether a person's terminal shows the output, and can show colours.</summary>
    public bool IsTerminal { get; init; }

    public int Columns { get; init; } = 80;

    public TextReader Input { get; init; } = TextReader.Null;

    /// <summary>Asks the person at the terminal; the second argument says that the answer is not to be seen. Null where nobody could answer.</summary>
    public Func<string, bool, string?>? Ask { get; init; }

    /// <summary>How long a target may go on after a signal.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    public static Invocation OfProcess()
    {
        if (Console.OutputEncoding is not UTF8Encoding)
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var variables = System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>();
        return new Invocation(
            System.Environment.GetCommandLineArgs()[1..],
            variables.ToDictionary(x => (string)x.Key, x => (string?)x.Value ?? ""),
            System.Environment.CurrentDirectory,
            Console.Out)
        {
            IsTerminal = !Console.IsOutputRedirected,
            Input = Console.In,
            Ask = Console.IsInputRedirected || Console.IsOutputRedirected ? null : TerminalPrompt.Ask,
            Columns = Console.IsOutputRedirected ? 80 : Math.Max(40, Console.BufferWidth),
        };
    }
}
