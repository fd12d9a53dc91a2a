using System.Text.Json.Nodes;
using Supervisor.Control;
using Supervisor.Tests.Doubles;
using static Supervisor.Tests.Doubles.Shell;

namespace Supervisor.Tests.Slots;

[Collection(nameof(WithDocker))]
public sealed class JoblessEndTests
{
    private static async Task<SlotStatus> SendHomeAsync(RunnerHost host, SlotStatus? last)
    {
        var idle = await host.UntilAsync(1, status => status.State == "Idle" && status.Container != last?.Container);
        await Task.Delay(RunnerHost.Quick.ShortLife, TestContext.Current.CancellationToken);
        await DockerAsync("exec", idle.Container!, "sh", "-c", "echo 1 > /quit.new && busybox mv /quit.new /quit");
        return idle;
    }

    [Fact]
    public async Task From_the_third_runner_in_a_row_that_ends_without_a_job_the_slot_is_held_back()
    {
        await using var host = new RunnerHost();
        host.Start();
        SlotStatus? last = null;
        for (var i = 0; i < 3; i++)
            last = await SendHomeAsync(host, last);
        (await host.UntilAsync(1, status => status.State == "Parked")).Reason!.ShouldStartWith("3 runners in a row ended without taking a job, the last after ");
        last = await SendHomeAsync(host, last);
        (await host.UntilAsync(1, status => status.State == "Parked")).Reason!.ShouldStartWith("4 runners in a row");
        var times = host.GitHub.Mints.Select(call => call.At).ToList();
        (times[3] - times[2]).ShouldBeGreaterThan(RunnerHost.Quick.ShortLife + TimeSpan.FromSeconds(1));

        // A job ends the row.
        await host.UntilAsync(1, status => status.State == "Idle" && status.Container != last.Container);
        var busy = await host.RunJobAsync(1, "one");
        await host.EndJobAsync(busy);
        last = await SendHomeAsync(host, busy);
        await host.UntilAsync(1, status => status.State == "Idle" && status.Container != last.Container);
    }

    [Theory]
    [InlineData("7", "no longer accepts the runner program's version")]
    [InlineData("3", "update itself")]
    public async Task A_runner_program_that_is_too_old_is_not_registered_again_until_the_pool_changes_or_a_person_resumes(string code, string reason)
    {
        await using var host = new RunnerHost();
        host.Pool["environment"] = new JsonObject { ["QUIT"] = code };
        host.WriteSettings();
        host.Start();
        (await host.UntilAsync(1, status => status.State == "Parked")).Reason!.ShouldSatisfyAllConditions(
            text => text.ShouldContain(reason), text => text.ShouldContain("run BuildCustomImage with a newer runner version, then DeployRunners"), text => text.ShouldContain("runnerctl resume"));
        await host.Control.SendAsync(new ControlRequest { Command = "reload" });
        await Task.Delay(4000, TestContext.Current.CancellationToken);
        host.GitHub.Mints.Count().ShouldBe(1);

        await host.Control.SendAsync(new ControlRequest { Command = "resume", Slot = host.Slot(1) });
        await RunnerHost.UntilAsync(() => Task.FromResult(host.GitHub.Mints.Count() == 2), "a person's resume tries once more");
        await host.UntilAsync(1, status => status.State == "Parked");
        host.Pool["environment"] = new JsonObject();
        host.WriteSettings();
        await host.Control.SendAsync(new ControlRequest { Command = "reload" });
        await host.UntilIdleAsync();
    }
}
