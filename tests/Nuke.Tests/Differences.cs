namespace Nuke.Tests;

/// <summary>docs/nuke-differences.md names every deliberate difference, with a reason and a test that there is.</summary>
public class Differences
{
    private static readonly List<string[]> Rows = [.. File.ReadAllLines(Path.Combine(RecordedCase.Folder, "..", "..", "..", "docs", "nuke-differences.md"))
        .Where(x => x.StartsWith("| ", StringComparison.Ordinal)).Skip(1)
        .Select(x => x.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray())];

    public static TheoryData<string> Tests => [.. Rows.Select(x => x[3]).Distinct()];

    [Theory]
    [MemberData(nameof(Tests))]
    public void The_test_of_each_row_exists(string name)
    {
        var type = typeof(Differences).Assembly.GetType($"Nuke.Tests.{name.Split('.')[0]}").ShouldNotBeNull();
        type.GetMethod(name.Split('.')[1]).ShouldNotBeNull().IsDefined(typeof(FactAttribute), inherit: true).ShouldBeTrue();
    }

    [Fact]
    public void Each_row_has_a_reason() => Rows.ShouldAllBe(x => x.Length == 4 && x[0].Length > 0 && x[1].Length > 0);

    [Fact]
    public void The_runs_that_differ_are_the_runs_that_are_named()
    {
        var differing = Directory.GetFiles(Path.Combine(RecordedCase.Folder, "differs")).Select(x => Path.GetFileNameWithoutExtension(x)!).Concat(["sigint", "sigterm"]).Order(StringComparer.Ordinal);
        Rows.SelectMany(x => x[2].Split(", ", StringSplitOptions.RemoveEmptyEntries)).Order(StringComparer.Ordinal).ShouldBe(differing);
    }
}
