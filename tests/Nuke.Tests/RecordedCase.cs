using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Nuke.Common.Execution;

namespace Nuke.Tests;

/// <summary>A run of the real engine as it is recorded: what was called, and all that came of it.</summary>
internal sealed partial record RecordedCase(string Name, string Head, string Output, int ExitCode)
{
    public static string Folder { get; } = Path.Combine(Here(), "recorded");

    public static IEnumerable<string> Names => Directory.GetFiles(Folder, "*.txt").Select(x => Path.GetFileNameWithoutExtension(x)!).Where(x => x != "README").Order(StringComparer.Ordinal);

    public static RecordedCase Read(string name)
    {
        var parts = File.ReadAllText(Path.Combine(Folder, name + ".txt")).Split("---------- stdout\n");
        return new RecordedCase(name, parts[0], parts[1].Split("---------- stderr\n")[0], int.Parse(ExitCodeInHead().Match(parts[0]).Groups[1].Value, null));
    }

    public BuildDefinition Build =>
        Head.StartsWith("mini2 ", StringComparison.Ordinal) ? BuildDefinition.Of<Recorded.Mini2.Build>() with { Defaults = ["A"] }
        : !Head.StartsWith("mini ", StringComparison.Ordinal) ? Site.Sample
        : Name switch
        {
            "mini-cycle" => BuildDefinition.Of<Recorded.MiniCycle.Build>() with { Defaults = ["A"] },
            "mini-self" => BuildDefinition.Of<Recorded.MiniSelf.Build>() with { Defaults = ["A"] },
            "mini-nodefault" => BuildDefinition.Of<Recorded.MiniNoDefault.Build>(),
            _ => BuildDefinition.Of<Recorded.Mini.Build>() with { Defaults = ["All", "Second"] },
        };

    public string[] Arguments => [.. Words(ArgumentsInHead().Match(Head).Groups[1].Value)];

    public IEnumerable<(string Name, string Value)> Environment =>
        Head.Split('\n').FirstOrDefault(x => x.StartsWith("env: ", StringComparison.Ordinal)) is { } line
            ? Words(line["env: ".Length..]).Where(x => x.Contains('=', StringComparison.Ordinal)).Select(x => (x.Split('=')[0], x.Split('=')[1]))
            : [];

    /// <summary>What must be the same: without blank lines, boxes, colours, times, and the places of files; the secrets masked.</summary>
    public static string Essence(string output)
    {
        output = Colours().Replace(output, "").Replace('\u00A0', ' ').Replace("\u200B", "", StringComparison.Ordinal);
        output = Times().Replace(Places().Replace(output, "Asm, Proj"), "HH:mm:ss");
        output = Frames().Replace(output, "<stack frames>\n");
        foreach (var secret in new[] { "s3cret", "top secret token", "dev token", "clitoken" })
            output = output.Replace(secret, "***", StringComparison.Ordinal);
        var lines = output.Split('\n').Select(x => x.TrimEnd()).Where(x => x.Length > 0 && !Boxes().IsMatch(x) && !Newer().IsMatch(x));
        return string.Join('\n', lines) + "\n";
    }

    private static IEnumerable<string> Words(string text) =>
        Quoted().Matches(text).Select(x => x.Value.Replace("'", "", StringComparison.Ordinal));

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex(@"exit code: (-?\d+)")]
    private static partial Regex ExitCodeInHead();

    [GeneratedRegex(@"(?:command: _build|build, args:) ([^;\n]*)")]
    private static partial Regex ArgumentsInHead();

    [GeneratedRegex(@"(?:[^\s']|'[^']*')+")]
    private static partial Regex Quoted();

    [GeneratedRegex("\u001b\\[[0-9;]*m")]
    private static partial Regex Colours();

    [GeneratedRegex(@"Asm \S+ Proj \S+")]
    private static partial Regex Places();

    [GeneratedRegex(@"(?m)^\d\d:\d\d:\d\d(?= \[)")]
    private static partial Regex Times();

    [GeneratedRegex(@"(?m)(^<stack frames>\n|^   at .*\n|^\s*---.*stack trace.*\n)+")]
    private static partial Regex Frames();

    // Some lists were recorded before the build had these targets.
    [GeneratedRegex("^  (- )?(Sleep|AfterSleep|SlowCount)( |$)")]
    private static partial Regex Newer();

    [GeneratedRegex(@"^[╬═─]+$")]
    private static partial Regex Boxes();
}
