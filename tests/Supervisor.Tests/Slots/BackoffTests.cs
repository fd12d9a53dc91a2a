using CsCheck;
using Supervisor.Slots;

namespace Supervisor.Tests.Slots;

public sealed class BackoffTests
{
    private static readonly Timing timing = new();
    private static readonly Setback failed = new(SetbackKind.RunnerFailed, "It failed.");

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(5, 80)]
    [InlineData(8, 640)]
    [InlineData(9, 900)]
    [InlineData(1000000, 900)]
    public void The_delay_doubles_up_to_a_quarter_of_an_hour(int failures, int seconds) =>
        Backoff.DelayOf(failed, failures, 0, timing).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void Jitter_only_lengthens_by_half_at_most_and_not_beyond_a_quarter_of_an_hour() =>
        Gen.Select(Gen.Int[1, 50], Gen.Double[0, 1]).Sample((failures, jitter) =>
        {
            var least = Backoff.DelayOf(failed, failures, 0, timing);
            var delay = Backoff.DelayOf(failed, failures, jitter, timing);
            return delay >= least && delay <= least * 1.5 && delay <= timing.LongestRetry;
        });

    [Fact]
    public void A_failing_slot_makes_at_most_ten_calls_in_its_first_minute()
    {
        var (time, calls) = (TimeSpan.Zero, 0);
        for (var failures = 1; time < TimeSpan.FromMinutes(1); failures++)
        {
            // One to register, one to delete the registration.
            calls += 2;
            time += Backoff.DelayOf(failed, failures, 0, timing);
        }
        calls.ShouldBeLessThanOrEqualTo(10);
    }

    [Fact]
    public void GitHubs_own_wish_is_a_lower_bound() =>
        Backoff.DelayOf(new Setback(SetbackKind.RateLimited, "Slowly.", TimeSpan.FromSeconds(300)), 1, 0, timing).ShouldBe(TimeSpan.FromSeconds(300));

    [Fact]
    public void GitHubs_own_wish_may_be_longer_than_any_retry() =>
        Backoff.DelayOf(new Setback(SetbackKind.RateLimited, "Slowly.", TimeSpan.FromHours(1)), 1, 0, timing).ShouldBe(TimeSpan.FromHours(1));

    [Fact]
    public void Where_a_person_has_to_act_it_is_five_minutes() =>
        Backoff.DelayOf(new Setback(SetbackKind.Denied, "No."), 1, 0, timing).ShouldBe(TimeSpan.FromMinutes(5));
}
