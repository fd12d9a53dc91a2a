using CsCheck;
using Supervisor.Slots;

namespace Supervisor.Tests.Slots;

public sealed class RunnerNameTests
{
    [Fact]
    public void Names_are_short_enough_and_known_as_the_hosts_own() => Gen.Select(Gen.Int[1, 40], Gen.Int[0, 99999]).Sample((length, slot) =>
    {
        var host = new string('h', length);
        var name = RunnerName.New(host, slot, DateTimeOffset.UtcNow);
        return name.Length <= 63 && RunnerName.IsOf(host, name) && !RunnerName.IsOf(host + "h", name);
    });

    [Fact]
    public void Names_of_the_same_second_differ() =>
        Enumerable.Range(0, 1000).Select(_ => RunnerName.New("host", 1, DateTimeOffset.UnixEpoch)).Distinct().Count().ShouldBe(1000);

    [Fact]
    public void A_host_whose_name_begins_alike_is_another_host() =>
        RunnerName.IsOf("ci", RunnerName.New("ci-2", 1, DateTimeOffset.UtcNow)).ShouldBeFalse();
}
