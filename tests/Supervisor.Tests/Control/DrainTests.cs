using System.Text.Json.Nodes;
using Supervisor.Tests.Doubles;

namespace Supervisor.Tests.Control;

[Collection(nameof(WithDocker))]
public sealed class DrainTests
{
    [Fact]
    public async Task A_drain_waits_for_jobs_and_says_which_are_left_when_time_is_up()
    {
        await using var host = new RunnerHost();
        host.SetSlots(3);
        host.WriteSettings();
        host.Start();
        var busy = await host.RunJobAsync(1, "long");
        await host.UntilIdleAsync(2);
        await host.UntilIdleAsync(3);

        var (code, _, errors) = await host.ControlAsync("drain", "1", "--slot", "2", "--timeout", "2");
        code.ShouldBe(3);
        errors.ShouldStartWith($"Not drained after 2 s: {host.Slot(1)} (job long). ");
        (await host.StatusAsync(2)).ShouldSatisfyAllConditions(slot => slot.State.ShouldBe("Empty"), slot => slot.Reason!.ShouldStartWith("Drained"));
        (await host.StatusAsync(3)).State.ShouldBe("Idle");

        var waiting = host.ControlAsync("drain", host.Slot(1), "--wait");
        await Task.Delay(500, TestContext.Current.CancellationToken);
        waiting.IsCompleted.ShouldBeFalse();
        await host.EndJobAsync(busy);
        // It may look while the container is just being removed, which it tells too.
        (await waiting).ShouldSatisfyAllConditions(
            drained => drained.Code.ShouldBe(0), drained => drained.Errors.ShouldBeEmpty(), drained => drained.Output.ShouldStartWith($"waiting for {host.Slot(1)} (job long){Environment.NewLine}"));

        (await host.ControlAsync("resume", "1", "2")).Code.ShouldBe(0);
        await host.UntilIdleAsync(1);
        await host.UntilIdleAsync(2);
    }

    [Fact]
    public async Task A_drain_of_what_is_not_there_changes_nothing()
    {
        await using var host = new RunnerHost();
        host.Start();
        await host.UntilIdleAsync();
        (await host.ControlAsync("drain", "1", "7")).ShouldBe((1, "", $"There is no slot '7'; there are: {host.Slot(1)}.{Environment.NewLine}"));
        (await host.StatusAsync(1)).State.ShouldBe("Idle");
    }

    [Fact]
    public async Task A_service_that_has_not_looked_yet_calls_no_slot_drained()
    {
        await using var host = new RunnerHost();
        host.Start();
        await host.RunJobAsync(1, "long");
        (await host.ControlAsync("drain", "--timeout", "0")).Code.ShouldBe(3);
        for (var i = 0; i < 5; i++)
        {
            await host.StopAsync();
            host.Start();
            await RunnerHost.UntilAsync(() => Task.FromResult(File.Exists(host.SocketPath)), "the socket is there");
            (await host.ControlAsync("drain", "--timeout", "0")).Code.ShouldBe(3);
        }
    }

    [Fact]
    public async Task A_wait_lasts_over_a_restart_of_the_service()
    {
        await using var host = new RunnerHost();
        host.Start();
        var busy = await host.RunJobAsync(1, "long");
        var waiting = host.ControlAsync("drain", "--wait");
        await Task.Delay(500, TestContext.Current.CancellationToken);
        await host.StopAsync();
        await Task.Delay(1500, TestContext.Current.CancellationToken);
        waiting.IsCompleted.ShouldBeFalse();
        host.Start();
        await host.EndJobAsync(busy);
        (await waiting).Code.ShouldBe(0);
        (await host.ControlAsync("status")).Output.ShouldContain("Drained");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("socket")]
    public async Task A_drain_ends_though_a_runner_whose_job_is_completed_never_does(string docker)
    {
        await using var host = new RunnerHost();
        host.Pool["docker"] = docker;
        host.Pool["environment"] = new JsonObject { ["LINGER"] = "1" };
        host.WriteSettings();
        host.Start();
        var busy = await host.RunJobAsync(1, "long");
        await host.ControlAsync("drain", "1");
        await host.EndJobAsync(busy);
        (await host.ControlAsync("drain", "1", "--timeout", "15")).Code.ShouldBe(0);
        (await host.ContainersAsync()).ShouldBeEmpty();
        host.History.Last(9, _ => true).Single().Conclusion.ShouldBe("succeeded");
    }
}
