using System.Text.Json;
using RunnerBuild.Remote;

namespace RunnerBuild.Tests.Nights;

/// <summary>The reports of the last nights.</summary>
public sealed class Kept_reports : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("rb-nights-").FullName;

    private string Folder => Path.Combine(_parent, "reports");

    [Fact]
    public void The_newest_are_kept_for_their_owner_alone_and_nothing_else_is_touched()
    {
        var reports = new NightlyReports(Folder, keep: 3);
        reports.Save(Night.Good());
        File.WriteAllText(Path.Combine(Folder, "notes.md"), "mine");
        foreach (var day in Enumerable.Range(1, 5))
            reports.Save(day == 4 ? Night.Bad(day) : Night.Good(day));

        Directory.EnumerateFiles(Folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal).ShouldBe(
        [
            "2026-03-04T03-41-07Z.json", "2026-03-04T03-41-07Z.md", "2026-03-05T03-41-07Z.json", "2026-03-05T03-41-07Z.md",
            "2026-03-06T03-41-07Z.json", "2026-03-06T03-41-07Z.md", "notes.md",
        ]);
        File.GetUnixFileMode(Folder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.GetUnixFileMode(Path.Combine(Folder, "2026-03-06T03-41-07Z.json")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var bad = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "2026-03-05T03-41-07Z.json")));
        bad.RootElement.GetProperty("good").GetBoolean().ShouldBeFalse();
        bad.RootElement.GetProperty("failures")[0].GetProperty("target").GetString().ShouldBe("RefreshImage");
    }

    [Fact]
    public void The_same_night_is_one_report()
    {
        var reports = new NightlyReports(Folder, keep: 3);
        reports.Save(Night.Good());
        File.ReadAllText(reports.Save(Night.Bad())).ShouldContain("Not good");
        Directory.EnumerateFiles(Folder).Count().ShouldBe(2);
    }

    public void Dispose() => Directory.Delete(_parent, recursive: true);
}
