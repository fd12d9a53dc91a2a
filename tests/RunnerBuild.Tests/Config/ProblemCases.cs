namespace RunnerBuild.Tests.Config;

/// <summary>Each file in `problems/` is a fleet, a line of dashes, and every problem that must be reported for it.</summary>
public sealed class ProblemCases
{
    private const string Dashes = "\n----------\n";
    private static readonly string Folder = Path.Combine(Golden.Here(), "problems");

    public static TheoryData<string> Cases =>
        [.. Directory.EnumerateFiles(Folder, "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_wrong_fleet_is_told_all_its_problems(string name)
    {
        var file = Path.Combine(Folder, $"{name}.txt");
        var yaml = File.ReadAllText(file).Split(Dashes)[0];

        var problems = Fleets.ProblemsIn(yaml);

        problems.ShouldNotBeEmpty();
        Golden.Check(file, $"{yaml}{Dashes}{string.Join('\n', problems)}\n");
    }
}
