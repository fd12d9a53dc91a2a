using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Time.Testing;

namespace Lab.Tests.GitHub;

/// <summary>Faults of the runner service, and the switch itself.</summary>
public class ServiceFaults
{
    [Fact]
    public async Task A_runner_outlives_a_broker_that_is_down_and_no_job_is_lost()
    {
        await using var server = await DoubleServer.StartAsync();
        server.GitHub.SetFault("broker-down", "3s");
        var job = server.GitHub.QueueJob("echo hi");
        using var runner = RunnerProcess.Start(await server.MintAsync("one"));
        (await server.JobAsync(job)).Conclusion.ShouldBe("success");
        (await runner.ExitAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_runner_that_is_deleted_under_its_job_leaves_and_the_job_fails_when_its_lease_ends()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await DoubleServer.StartAsync(time);
        using var caller = new BrokerCaller(server.Url, await server.MintAsync("one"));
        await caller.TokenAsync();
        await caller.OpenAsync();
        var id = server.GitHub.QueueJob("echo hi");
        await caller.AcquireAsync(await BrokerCaller.RequestAsync(await caller.PollAsync()));
        server.GitHub.SetFault("runner-deleted", "one");
        (await caller.PollAsync()).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        time.Advance(TimeSpan.FromMinutes(11));
        server.GitHub.FindJob(id)!.Conclusion.ShouldBe("failure");
    }

    [Fact]
    public async Task A_runner_that_is_lost_in_its_job_goes_with_it_and_the_job_fails_without_the_wait_for_its_lease()
    {
        await using var server = await DoubleServer.StartAsync(new FakeTimeProvider(DateTimeOffset.UtcNow));
        using var caller = new BrokerCaller(server.Url, await server.MintAsync("one"));
        await caller.TokenAsync();
        await caller.OpenAsync();
        var id = server.GitHub.QueueJob("echo hi");
        await caller.AcquireAsync(await BrokerCaller.RequestAsync(await caller.PollAsync()));
        server.GitHub.SetFault("runner-lost", "one");
        server.GitHub.FindJob(id)!.Conclusion.ShouldBe("failure");
        server.GitHub.Runners().ShouldBeEmpty();
    }

    [Fact]
    public async Task Idle_just_in_time_runners_vanish_when_that_is_switched_on()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await DoubleServer.StartAsync(time);
        await server.MintAsync("one");
        time.Advance(TimeSpan.FromMinutes(10));
        server.GitHub.Runners().Count.ShouldBe(1);
        server.GitHub.SetFault("idle-jit", "5m");
        time.Advance(TimeSpan.FromSeconds(10));
        server.GitHub.Runners().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("latenci", "1s", "There is no fault latenci; there are latency, primary-limit")]
    [InlineData("latency", "soon", "latency should be a time such as 500ms")]
    [InlineData("runner-deleted", "nobody", "There is no runner nobody")]
    [InlineData("runner-lost", "nobody", "There is no runner nobody with a job")]
    public async Task A_wrong_order_is_refused_with_what_there_is(string name, string value, string message)
    {
        await using var server = await DoubleServer.StartAsync();
        Should.Throw<Lab.GitHub.Faults.FaultProblem>(() => server.GitHub.SetFault(name, value)).Message.ShouldContain(message);
    }

    [Fact]
    public async Task A_fault_ends_by_itself_or_by_the_switch()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await DoubleServer.StartAsync(time);
        server.GitHub.SetFault("server-errors", "30s");
        (await server.Http.GetAsync("user")).StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        server.GitHub.Faults.Single().Name.ShouldBe("server-errors");
        time.Advance(TimeSpan.FromSeconds(31));
        (await server.Http.GetAsync("user")).StatusCode.ShouldBe(HttpStatusCode.OK);
        server.GitHub.SetFault("refuse-jit", "1h");
        (await server.Http.PostAsJsonAsync("orgs/acme/actions/runners/generate-jitconfig", new { })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        server.GitHub.SetFault("all", "off");
        server.GitHub.Faults.ShouldBeEmpty();
    }
}
