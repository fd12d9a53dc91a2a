using System.Text.RegularExpressions;
using Nuke.Common;
using Nuke.Common.Execution;

namespace Nuke.Tests;

/// <summary>A directory of its own for one test, with a .nuke directory in it, in which builds run in this process.</summary>
internal sealed partial class Site : IDisposable
{
    public Site() => Directory.CreateDirectory(Path.Combine(Root, ".nuke"));

    public string Root { get; } = Directory.CreateTempSubdirectory("nuke-tests-").FullName;

    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>Where runs begin; the root when it is not set.</summary>
    public string? WorkingDirectory { get; set; }

    public string Input { get; set; } = "";

    public Func<string, bool, string?>? Ask { get; set; }

    public string At(string relative) => Path.Combine(Root, relative);

    public void Write(string relative, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(relative))!);
        File.WriteAllText(At(relative), text);
    }

    public string Read(string relative) => File.ReadAllText(At(relative));

    public Result Run<T>(params string[] arguments)
        where T : NukeBuild, new() => Run(BuildDefinition.Of<T>(), arguments);

    public Result RunSample(params string[] arguments) => Run(Sample, arguments);

    /// <summary>The recorded build. What it runs by default it tells nobody but the engine.</summary>
    public static BuildDefinition Sample => new(typeof(Build), () => new Build(), ["Verify"]);

    public Result Run(BuildDefinition definition, params string[] arguments)
    {
        using var output = new StringWriter();
        using var input = new StringReader(Input);
        var invocation = new Invocation(arguments, Environment, WorkingDirectory ?? Root, output) { HomeDirectory = "/nowhere", Input = input, Ask = Ask };
        var code = BuildRun.Run(definition, invocation);
        return new Result(code, Normal(output.ToString()));
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private string Normal(string text)
    {
        text = text.Replace(Root, "<root>", StringComparison.Ordinal);
        text = Frames().Replace(text, "<stack frames>\n");
        text = Time().Replace(text, "HH:mm:ss");
        return Date().Replace(text, "$1<date>$2");
    }

    [GeneratedRegex(@"(?m)(^   at .*\n|^---.*stack trace.*\n)+")]
    private static partial Regex Frames();

    [GeneratedRegex(@"(?<![\d:])\d\d:\d\d:\d\d(?= \[|\u001b)")]
    private static partial Regex Time();

    [GeneratedRegex(@"(Build (?:succeeded|failed) on ).*(\. [＼(])")]
    private static partial Regex Date();
}

internal sealed record Result(int ExitCode, string Output);
