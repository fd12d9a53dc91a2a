using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Lab.GitHub;
using Lab.GitHub.Rest;
using Lab.GitHub.RunnerService;
using Lab.GitHub.State;
using Lab.GitHub.Workflows;
using Microsoft.Extensions.Time.Testing;

namespace Lab.Tests.GitHub;

/// <summary>The runner service's own rules, call by call.</summary>
public class RunnerServiceRules
{
    [Theory]
    [InlineData("PS256")]
    [InlineData("RS256")]
    public async Task Only_the_key_of_the_registration_gets_a_token(string algorithm)
    {
        await using var server = await DoubleServer.StartAsync();
        using var caller = new BrokerCaller(server.Url, await server.MintAsync("one"));
        using var other = RSA.Create(2048);

        var refused = await caller.TokenAsync(other, algorithm);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await DoubleServer.JsonAsync(refused)).GetProperty("error").GetString().ShouldBe("invalid_client");
        (await caller.TokenAsync(algorithm: algorithm, expires: -400)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await caller.TokenAsync(algorithm: algorithm, audience: "http://elsewhere/")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await caller.TokenAsync(algorithm: algorithm)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_second_session_is_a_conflict()
    {
        await using var server = await DoubleServer.StartAsync();
        using var caller = new BrokerCaller(server.Url, await server.MintAsync("one"));
        (await caller.OpenAsync()).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await caller.TokenAsync();

        (await caller.OpenAsync()).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await caller.OpenAsync()).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task An_aborted_poll_loses_no_job()
    {
        await using var server = await DoubleServer.StartAsync();
        using var caller = new BrokerCaller(server.Url, await server.MintAsync("one"));
        await caller.TokenAsync();
        await caller.OpenAsync();
        for (var i = 0; i < 20; i++)
        {
            using var abort = new CancellationTokenSource();
            var poll = caller.PollAsync(abort.Token);
            await Task.Delay(i * 2);
            await abort.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(poll);
        }

        var id = server.GitHub.QueueJob("echo hi");
        for (var i = 0; i < 20; i++)
        {
            using var abort = new CancellationTokenSource(TimeSpan.FromMilliseconds(i / 4));
            await caller.PollAsync(abort.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }

        using var message = await caller.PollAsync();
        message.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await caller.AcquireAsync(await BrokerCaller.RequestAsync(message))).StatusCode.ShouldBe(HttpStatusCode.OK);
        server.GitHub.FindJob(id)!.Status.ShouldBe("in_progress");
    }

    [Fact]
    public async Task An_offer_is_for_the_runner_that_got_it()
    {
        await using var server = await DoubleServer.StartAsync();
        using var one = new BrokerCaller(server.Url, await server.MintAsync("one"));
        await one.TokenAsync();
        await one.OpenAsync();
        server.GitHub.QueueJob("echo hi");
        var request = await BrokerCaller.RequestAsync(await one.PollAsync());
        using var other = new BrokerCaller(server.Url, await server.MintAsync("other"));
        await other.TokenAsync();
        await other.OpenAsync();

        (await other.AcquireAsync(request)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await one.AcquireAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await one.AcquireAsync(request)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_did_not_reach_a_runner_goes_to_whoever_polls_next()
    {
        var options = new GitHubOptions { PublicUrl = "http://github.example" };
        var (state, sessions, accounts) = (new GitHubState(null), new Sessions(options, TimeProvider.System), new Accounts(options));
        var jobs = new JobQueue(options, state, sessions, accounts, new(TimeProvider.System), TimeProvider.System);
        var registrations = new Registrations(options, state, TimeProvider.System);
        long Mint(string name) => registrations.MintJit(new(RunnerScope.Organization, "acme"), name, 1, ["self-hosted"], "_work")!.Value.Runner.Id;
        var (first, second) = (Mint("first"), Mint("second"));
        var job = new Runs(state, jobs, TimeProvider.System).Queue("job", "echo hi", ["self-hosted"], "acme/widgets");

        jobs.Undelivered((await jobs.NextMessageAsync(first, listening: true, TestContext.Current.CancellationToken)).ShouldNotBeNull());

        (await jobs.NextMessageAsync(second, listening: true, TestContext.Current.CancellationToken)).ShouldNotBeNull().Job.ShouldBe(job.JobId);
    }

    [Fact]
    public async Task A_job_that_is_offered_and_not_taken_goes_to_another_runner()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await DoubleServer.StartAsync(time);
        using var idle = new BrokerCaller(server.Url, await server.MintAsync("idle"));
        await idle.TokenAsync();
        await idle.OpenAsync();
        var id = server.GitHub.QueueJob("echo hi");
        var request = await BrokerCaller.RequestAsync(await idle.PollAsync());
        time.Advance(TimeSpan.FromSeconds(70));
        (await idle.AcquireAsync(request)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        using var eager = new BrokerCaller(server.Url, await server.MintAsync("eager"));
        await eager.TokenAsync();
        await eager.OpenAsync();
        (await eager.AcquireAsync(await BrokerCaller.RequestAsync(await eager.PollAsync()))).StatusCode.ShouldBe(HttpStatusCode.OK);
        server.GitHub.FindJob(id)!.RunnerName.ShouldBe("eager");
    }

    [Fact]
    public async Task A_job_whose_runner_is_silent_fails_when_its_lease_ends()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await DoubleServer.StartAsync(time);
        using var caller = new BrokerCaller(server.Url, await server.MintAsync("one"));
        var id = server.GitHub.QueueJob("echo hi");
        var job = await TakeAsync(caller);
        time.Advance(TimeSpan.FromMinutes(9));
        (await caller.WithJobTokenAsync("renewjob", job, new { planId = Plan(job), jobId = JobId(job) })).StatusCode.ShouldBe(HttpStatusCode.OK);
        time.Advance(TimeSpan.FromMinutes(9));
        server.GitHub.FindJob(id)!.Status.ShouldBe("in_progress");
        server.GitHub.Runners().Single().ShouldSatisfyAllConditions(r => r.Online.ShouldBeTrue(), r => r.Busy.ShouldBeTrue());

        time.Advance(TimeSpan.FromMinutes(2));
        server.GitHub.FindJob(id)!.Conclusion.ShouldBe("failure");
        server.GitHub.FindJob(id)!.Log.ShouldContain("lost communication");
        server.GitHub.Runners().ShouldBeEmpty();
        (await caller.WithJobTokenAsync("renewjob", job, new { planId = Plan(job), jobId = JobId(job) })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_job_token_is_good_for_its_own_job_only()
    {
        await using var server = await DoubleServer.StartAsync();
        using var caller = new BrokerCaller(server.Url, await server.MintAsync("one"));
        server.GitHub.QueueJob("echo hi");
        var job = await TakeAsync(caller);

        (await caller.WithJobTokenAsync("completejob", job, new { jobId = Guid.NewGuid(), conclusion = "succeeded" })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var forged = await caller.WithJobTokenAsync(
            "completejob", job, new { jobId = JobId(job), conclusion = "succeeded" }, token => $"{token[..token.LastIndexOf('.')]}.{new string('A', 43)}");
        forged.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        server.GitHub.Jobs().Single().Status.ShouldBe("in_progress");
    }

    [Fact]
    public async Task Nothing_is_left_of_a_runner_when_its_job_is_complete()
    {
        await using var server = await DoubleServer.StartAsync();
        using var caller = new BrokerCaller(server.Url, await server.MintAsync("one"));
        server.GitHub.QueueJob("echo hi");
        var job = await TakeAsync(caller);
        (await caller.WithJobTokenAsync("completejob", job, new { jobId = JobId(job), conclusion = "succeeded" })).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        var poll = await caller.PollAsync();
        poll.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await DoubleServer.JsonAsync(poll)).GetProperty("errorKind").GetString().ShouldBe("RunnerNotFound");
        (await caller.TokenAsync()).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await caller.WithJobTokenAsync("completejob", job, new { jobId = JobId(job), conclusion = "failed" })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        server.GitHub.Jobs().Single().Conclusion.ShouldBe("success");
    }

    private static async Task<JsonElement> TakeAsync(BrokerCaller caller)
    {
        (await caller.TokenAsync()).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await caller.OpenAsync()).StatusCode.ShouldBe(HttpStatusCode.OK);
        return await DoubleServer.JsonAsync(await caller.AcquireAsync(await BrokerCaller.RequestAsync(await caller.PollAsync())));
    }

    private static string Plan(JsonElement job) => job.GetProperty("plan").GetProperty("planId").GetString()!;

    private static string JobId(JsonElement job) => job.GetProperty("jobId").GetString()!;
}
