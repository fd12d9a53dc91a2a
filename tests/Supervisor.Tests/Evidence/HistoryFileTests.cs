using System.Globalization;
using Supervisor.Evidence;

namespace Supervisor.Tests.Evidence;

public sealed class HistoryFileTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rbsv-history");

    private string Current => Path.Combine(folder.FullName, "history.jsonl");

    public void Dispose() => folder.Delete(recursive: true);

    private static JobRecord Record(int run, string slot = "github-runner-1") => new()
    {
        Ended = new DateTimeOffset(2026, 1, 1, 10, 0, 0, TimeSpan.Zero).AddMinutes(run), RunId = run, Slot = slot, Pool = "p", Runner = "r", Image = "i", Conclusion = "succeeded",
    };

    private static List<long> Runs(IReadOnlyList<JobRecord> records) => [.. records.Select(record => record.RunId!.Value)];

    [Fact]
    public void What_was_appended_is_read_again_the_newest_last()
    {
        var history = new HistoryFile(folder.FullName);
        for (var run = 1; run <= 5; run++)
            history.Append(Record(run, $"github-runner-{run % 2}") with { PeakMemoryBytes = 1L << 40, Seconds = 1.5 });
        Runs(history.Last(3, _ => true)).ShouldBe([3, 4, 5]);
        Runs(history.Last(9, record => record.Slot == "github-runner-1")).ShouldBe([1, 3, 5]);
        history.Last(1, _ => true).Single().ShouldBe(Record(5) with { PeakMemoryBytes = 1L << 40, Seconds = 1.5 });
        history.Last(0, _ => true).ShouldBeEmpty();
    }

    [Fact]
    public void A_line_that_a_crash_cut_off_costs_nothing_else()
    {
        var history = new HistoryFile(folder.FullName);
        history.Append(Record(1));
        File.AppendAllText(Current, """{"ended":"2026-01-01T10:0""");
        history.Append(Record(3));
        Runs(history.Last(9, _ => true)).ShouldBe([1, 3]);
        File.ReadAllLines(Current).Length.ShouldBe(3);
    }

    [Fact]
    public void It_stays_bounded_and_loses_the_oldest_first()
    {
        var history = new HistoryFile(folder.FullName, rotateAt: 2000);
        for (var run = 1; run <= 100; run++)
            history.Append(Record(run));
        folder.GetFiles().Sum(file => file.Length).ShouldBeLessThan(6000);
        var runs = Runs(history.Last(100, _ => true));
        runs.ShouldBe([.. Enumerable.Range(0, runs.Count).Select(back => 100L - back).Reverse()]);
        runs.Count.ShouldBeGreaterThan(3);
    }

    [Fact]
    public void Only_its_owner_may_write_it_and_its_group_read_it()
    {
        new HistoryFile(folder.FullName).Append(Record(1));
        File.GetUnixFileMode(Current).ShouldBe((UnixFileMode)Convert.ToInt32("640", 8));
    }

    [Fact]
    public void The_table_shows_what_is_known()
    {
        HistoryTable.Of([]).ShouldBe("No job has run here yet.");
        HistoryTable.Of([Record(7) with { Repository = "acme/widgets", Workflow = "ci", Job = "build", Seconds = 75, QueueSeconds = 2, PeakMemoryBytes = 300 << 20, OutOfMemory = true }]).ShouldBe("""
            ENDED (UTC)          SLOT             REPOSITORY    WORKFLOW  RUN  JOB    RESULT                    QUEUED  RAN    CPU  MEMORY  PIDS  READ  WRITTEN
            2026-01-01 10:07:00  github-runner-1  acme/widgets  ci        7    build  succeeded, out of memory  2s      1m15s  -    300M    -     -     -
            """);
    }

    [Theory]
    [InlineData("github-runner-2", "2", true)]
    [InlineData("github-runner-2", "02", true)]
    [InlineData("github-runner-12", "2", false)]
    [InlineData("github-runner-2", "github-runner-2", true)]
    [InlineData("special", "0", false)]
    public void A_slot_is_meant_by_name_or_number(string name, string asked, bool meant) =>
        Supervisor.Control.SlotNames.IsMeant(name, asked).ShouldBe(meant, string.Create(CultureInfo.InvariantCulture, $"{asked} and {name}"));
}
