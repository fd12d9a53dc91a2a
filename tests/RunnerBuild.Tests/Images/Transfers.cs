using Microsoft.Extensions.Time.Testing;
using RunnerBuild.Remote.Docker;

namespace RunnerBuild.Tests.Images;

/// <summary>What is said while an image goes from host to host.</summary>
public sealed class Transfers
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _told = [];

    [Fact]
    public void Bytes_rate_and_time_left_are_told_now_and_then_and_the_whole_at_the_end()
    {
        var transfer = new Transfer(1_000_000_000, _time);
        // The engine gathers what it sends.
        _time.Advance(TimeSpan.FromSeconds(20));
        for (var second = 0; second < 12; second++)
        {
            transfer.Add(50_000_000, _told.Add);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _told.ShouldBe(["copied 300 of 1000 MB, 50 MB/s, 14 s left", "copied 550 of 1000 MB, 50 MB/s, 9 s left"]);
        transfer.Summary.ShouldBe("copied 600 MB in 32 s, 18 MB/s");
    }

    [Fact]
    public void The_rate_is_that_of_the_last_seconds()
    {
        var transfer = new Transfer(1_000_000_000, _time);
        transfer.Add(100_000_000, _told.Add);
        _time.Advance(TimeSpan.FromSeconds(5));
        transfer.Add(400_000_000, _told.Add);
        _time.Advance(TimeSpan.FromSeconds(10));
        transfer.Add(10_000_000, _told.Add);
        _told.ShouldBe(["copied 500 of 1000 MB, 80 MB/s, 7 s left", "copied 510 of 1000 MB, 1 MB/s, 9 min left"]);
    }

    [Fact]
    public void Of_an_archive_that_is_larger_than_its_image_no_time_is_made_up()
    {
        var transfer = new Transfer(10_000_000, _time);
        transfer.Add(2_000_000, _told.Add);
        _time.Advance(TimeSpan.FromSeconds(5));
        transfer.Add(10_000_000, _told.Add);
        _told.ShouldBe(["copied 12 of 12 MB, 2 MB/s"]);
    }
}
