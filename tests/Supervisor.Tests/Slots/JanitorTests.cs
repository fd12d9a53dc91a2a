using Supervisor.GitHub;
using Supervisor.Slots;

namespace Supervisor.Tests.Slots;

public sealed class JanitorTests
{
    private static readonly RegisteredRunner left = new(1, "host-1-abcdefabcdef", "offline", false);
    private static readonly DateTimeOffset start = DateTimeOffset.UnixEpoch;
    private readonly Janitor janitor = new("host", TimeSpan.FromSeconds(60));

    private IReadOnlyList<RegisteredRunner> After(double seconds, RegisteredRunner runner, params string[] current) =>
        janitor.Doomed([runner], current.ToHashSet(StringComparer.OrdinalIgnoreCase), start.AddSeconds(seconds));

    [Fact]
    public void What_is_left_behind_is_doomed_when_it_was_seen_twice_in_time()
    {
        After(0, left).ShouldBeEmpty();
        After(59, left).ShouldBeEmpty();
        After(60, left).ShouldBe([left]);
    }

    [Fact]
    public void A_runner_that_is_being_registered_is_known_by_its_name_alone()
    {
        After(0, left, "HOST-1-abcdefabcdef").ShouldBeEmpty();
        After(60, left, "host-1-abcdefabcdef").ShouldBeEmpty();
        After(61, left).ShouldBeEmpty();
    }

    [Fact]
    public void One_that_was_online_in_between_is_seen_anew()
    {
        After(0, left);
        After(30, left with { Status = "online" });
        After(60, left).ShouldBeEmpty();
    }

    [Fact]
    public void One_that_lost_its_line_to_GitHub_in_the_midst_of_a_job_is_none()
    {
        After(0, left with { Busy = true });
        After(60, left with { Busy = true }).ShouldBeEmpty();
        After(120, left with { Busy = true }).ShouldBeEmpty();
    }
}
