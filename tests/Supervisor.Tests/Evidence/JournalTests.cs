using Supervisor.Docker;
using Supervisor.Evidence;
using Supervisor.Systemd;
using Supervisor.Tests.Doubles;

namespace Supervisor.Tests.Evidence;

public sealed class JournalTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rbsv-journal");
    private readonly DateTimeOffset start = DateTimeOffset.UtcNow;

    private string SocketPath => Path.Combine(folder.FullName, "socket");

    public void Dispose() => folder.Delete(recursive: true);

    private TimedLine Line(int second) => new(start.AddSeconds(second), $"line {second}");

    private ContainerLog Log(Journal journal, char container) => new(journal, folder.FullName, "slot-1", new string(container, 64), "host-1-abc");

    [Fact]
    public async Task An_entry_has_its_fields_also_of_several_lines()
    {
        using var journald = new JournalDouble(SocketPath);
        using var journal = new Journal(SocketPath);
        journal.Write(4, "me", "one\ntwo=2", ("A", "x=y"), ("B", null)).ShouldBeTrue();
        await journald.MessagesAsync("A", "x=y", 1);
        journald.Entries.Single().ShouldBe(new Dictionary<string, string> { ["MESSAGE"] = "one\ntwo=2", ["PRIORITY"] = "4", ["SYSLOG_IDENTIFIER"] = "me", ["A"] = "x=y" });
    }

    [Fact]
    public void Events_go_to_stdout_when_no_journal_takes_them()
    {
        using var journal = new Journal(SocketPath);
        var output = new StringWriter();
        new EventLog(output, journal).Warning("slot-1", "it\nrains", ("A", "b"));
        output.ToString().ShouldBe($"<4>slot-1: it rains{Environment.NewLine}");
    }

    [Fact]
    public async Task Each_line_of_a_container_is_copied_once_however_often_its_output_is_read()
    {
        using var journald = new JournalDouble(SocketPath);
        using var journal = new Journal(SocketPath);
        var first = Log(journal, 'a');
        foreach (var known in (int[])[2, 3])
        {
            first.Begin();
            for (var i = 1; i <= known; i++)
                first.Add(Line(i));
        }
        var afterRestart = Log(journal, 'a');
        afterRestart.Begin();
        for (var i = 1; i <= 4; i++)
            afterRestart.Add(Line(i));
        afterRestart.Add(Line(3) with { Text = "late" });
        // The next one of the slot may be there while this one still ends.
        foreach (var container in "bab")
        {
            var log = Log(journal, container);
            log.Begin();
            for (var i = 1; i <= 4; i++)
                log.Add(Line(i));
        }

        (await journald.MessagesAsync("CONTAINER_NAME", "slot-1", 9)).ShouldBe(["line 1", "line 2", "line 3", "line 4", "late", "line 1", "line 2", "line 3", "line 4"]);
        journald.Entries.Select(entry => entry["CONTAINER_ID_FULL"][0]).ShouldBe("aaaaabbbb");
        journald.Entries.ShouldAllBe(entry => entry["SYSLOG_IDENTIFIER"] == "slot-1" && entry["RUNNERBUILD_RUNNER"] == "host-1-abc");
    }

    [Fact]
    public void How_far_it_came_is_not_kept_for_ever()
    {
        using var journald = new JournalDouble(SocketPath);
        using var journal = new Journal(SocketPath);
        for (var container = 'a'; container <= 'z'; container++)
        {
            var log = Log(journal, container);
            log.Begin();
            log.Add(Line(1));
        }
        folder.GetFiles("*", SearchOption.AllDirectories).Length.ShouldBeLessThan(12);
    }

    [Fact]
    public async Task What_no_journal_took_is_copied_when_one_is_there()
    {
        using var journal = new Journal(SocketPath);
        var log = Log(journal, 'a');
        log.Begin();
        log.Add(Line(1));
        using var journald = new JournalDouble(SocketPath);
        log.Begin();
        log.Add(Line(1));
        (await journald.MessagesAsync("CONTAINER_NAME", "slot-1", 1)).ShouldBe(["line 1"]);
    }

    [Theory]
    [InlineData("2026-01-01T10:00:00.123456789Z Listening for Jobs", "Listening for Jobs")]
    [InlineData("2026-01-01T10:00:00.1Z ", "")]
    public void Docker_says_when_it_took_a_line_down(string line, string text) =>
        TimedLine.Parse(line).ShouldSatisfyAllConditions(timed => timed.Text.ShouldBe(text), timed => timed.At!.Value.Hour.ShouldBe(10));

    [Fact]
    public void A_line_without_a_time_stays_as_it_is() => TimedLine.Parse("no time here").ShouldBe(new TimedLine(null, "no time here"));
}
