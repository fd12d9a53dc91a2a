using CsCheck;
using RunnerBuild.Config;

namespace RunnerBuild.Tests.Config;

/// <summary>Whatever a file holds, reading it ends in a fleet or in problems with their places, and in nothing else.</summary>
public sealed class FleetLaws
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Golden.Fleets, "homelab.example.yml"));
    private static readonly string[] Tokens =
    [
        "", "null", "~", "[]", "{}", "[[]]", "{ a: b }", "- a", "0", "-1", "1e999", "yes", "two", "'", "\"", "*x", "&x", "<<: *x", "<<: {}",
            "!tag a", "? [a] : b",
        ":", ": :", "---", "...", "#", "\t", "\0", "\u0085", "\ud83d", "16G", "99999999999999999999", "::1", "http://", "https://[", "//",
            "../../..", "file: /proc/self/mem",
    ];

    [Fact]
    public void Any_text_gives_a_fleet_or_problems() =>
        Gen.String.Sample(text => CheckEnds(text));

    [Fact]
    public void Any_change_of_lines_gives_a_fleet_or_problems() => Gen
        .Select(Gen.Int[0, Lines.Length - 1], Gen.Int[0, Lines.Length - 1], Gen.Int[0, 3], Gen.Int[0, 8])
        .Sample((at, other, what, indent) => CheckEnds(string.Join('\n', what switch
        {
            0 => Lines.Where((_, index) => index != at),
            1 => Lines.Select((line, index) => index == at ? Lines[other] : line),
            2 => Lines.Select((line, index) => index == at ? new string(' ', indent) + line.TrimStart() : line),
            _ => Lines.Take(at).Concat(Lines.Skip(other)),
        })), iter: 500);

    [Fact]
    public void Any_value_in_any_place_gives_a_fleet_or_problems() => Gen
        .Select(Gen.Int[0, Lines.Length - 1], Gen.OneOf(OneOf(Tokens), Gen.String[0, 20]))
        .Sample((at, token) => CheckEnds(string.Join('\n', Lines.Select((line, index) =>
            index != at ? line : line.Contains(':') ? $"{line[..(line.IndexOf(':') + 1)]} {token}" : line + token))), iter: 1500);

    [Fact]
    public void Any_key_misspelt_is_told()
    {
        var keys = Enumerable.Range(0, Lines.Length).Where(index =>
            System.Text.RegularExpressions.Regex.IsMatch(Lines[index], @"^ *(- )?[a-z][A-Za-z]+:")).ToArray();
        Gen.Select(OneOf(keys), OneOf("Q", "-", "qq")).Sample((at, addition) =>
        {
            var problems = Fleets.ProblemsIn(string.Join('\n', Lines.Select(
                (line, index) => index == at ? line.Insert(line.IndexOf(':'), addition) : line)));
            return problems.Any(problem =>
                problem.StartsWith($"{at + 1}:", StringComparison.Ordinal) && problem.Contains("is not a key that belongs here"));
        });
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static bool CheckEnds(string text)
    {
        try
        {
            return FleetFile.ProblemsIn(text, Path.Combine(Golden.Fleets, "any.yml")).All(problem =>
                problem.Line >= 1 && problem.Column >= 1 && problem.Text.Length > 0);
        }
        catch (Exception fault) when (fault is not RunnerBuildException)
        {
            throw new InvalidOperationException($"reading ended in {fault}", fault);
        }
    }
}
