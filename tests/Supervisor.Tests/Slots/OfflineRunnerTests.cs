using Supervisor.Tests.Doubles;

namespace Supervisor.Tests.Slots;

[Collection(nameof(WithDocker))]
public sealed class OfflineRunnerTests
{
    [Fact]
    public async Task A_runner_that_GitHub_sees_offline_does_not_serve_and_is_replaced_after_a_pause()
    {
        await using var host = new RunnerHost();
        host.Start();
        var idle = await host.UntilIdleAsync();
        host.GitHub.Registrations[idle.RunnerId!.Value].Online = false;

        (await host.UntilAsync(1, status => status.State == "Parked" && status.Container == idle.Container)).Reason!.ShouldStartWith("The runner listens, but GitHub sees it offline since ");
        (await host.UntilAsync(1, status => status.State == "Parked" && status.Container is null)).Reason!.ShouldContain("GitHub saw it offline");
        var next = await host.UntilIdleAsync();
        next.Runner.ShouldNotBe(idle.Runner);
        host.GitHub.Registrations.Keys.ShouldBe([next.RunnerId!.Value]);
    }

    [Fact]
    public async Task A_runner_that_is_back_online_in_time_stays()
    {
        await using var host = new RunnerHost();
        host.Start();
        var idle = await host.UntilIdleAsync();
        host.GitHub.Registrations[idle.RunnerId!.Value].Online = false;
        await host.UntilAsync(1, status => status.Reason is not null);
        host.GitHub.Registrations[idle.RunnerId.Value].Online = true;
        await Task.Delay(3000, TestContext.Current.CancellationToken);
        (await host.StatusAsync(1)).ShouldSatisfyAllConditions(status => status.Container.ShouldBe(idle.Container), status => status.State.ShouldBe("Idle"), status => status.Reason.ShouldBeNull());
    }

    [Fact]
    public async Task A_runner_that_GitHub_calls_busy_stays_though_it_is_offline_there()
    {
        await using var host = new RunnerHost();
        host.Start();
        var idle = await host.UntilIdleAsync();
        host.GitHub.Registrations[idle.RunnerId!.Value].Busy = true;
        host.GitHub.Registrations[idle.RunnerId.Value].Online = false;
        await Task.Delay(4000, TestContext.Current.CancellationToken);
        (await host.StatusAsync(1)).Container.ShouldBe(idle.Container);
        host.GitHub.Calls.ShouldNotContain(call => call.Method == "DELETE");
    }
}
