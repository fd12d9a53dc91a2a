using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Lab.Tests.GitHub;
using RunnerBuild.Config;
using RunnerBuild.Facts;
using RunnerBuild.Operating;
using RunnerBuild.Planning;
using RunnerBuild.Remote.GitHub;
using RunnerBuild.Terminal;

namespace RunnerBuild.Tests.GitHub;

/// <summary>Situations of waiting jobs, set up at the lab's GitHub, and what `Why` says of each.</summary>
public sealed class WhyQueued
{
    private static readonly CandidateSlot Parked = new("h1", "github-runner-1", ["self-hosted", "linux"], "Parked", "The image is not on this host: run BuildCustomImage.", Drained: false);

    private static Task<DoubleServer> StartAsync() => DoubleServer.StartAsync(with: o => o with
    {
        Organizations = [new("acme", [new(1, "Default", true), new(2, "closed", false, ["acme/other"])])], Repositories = ["acme/widgets", "acme/other", "ada/gadgets"],
    });

    [Fact]
    public async Task A_label_is_short()
    {
        await using var server = await StartAsync();
        await server.MintAsync("one", ["self-hosted", "linux"]);
        var reason = await OneAsync(server, server.GitHub.QueueJob("true", ["self-hosted", "linux", "gpu"]), []);
        reason.Cause.ShouldBe(WaitingCause.NoSuchRunner);
        reason.What.ShouldBe("No runner has all of [self-hosted, linux, gpu]: gpu is short.");
    }

    [Fact]
    public async Task The_group_does_not_admit_the_repository()
    {
        await using var server = await StartAsync();
        using var runner = await OnlineAsync(server, "one", group: 2);
        var reason = await OneAsync(server, server.GitHub.QueueJob("true"), []);
        reason.Cause.ShouldBe(WaitingCause.GroupClosed);
        reason.What.ShouldContain("The runner group closed, which 1 runner that would fit is in, does not admit acme/widgets.");
    }

    [Fact]
    public async Task All_that_fit_are_busy()
    {
        await using var server = await StartAsync();
        using var runner = await BusyAsync(server, "one");
        var reason = await OneAsync(server, server.GitHub.QueueJob("true"), []);
        reason.Cause.ShouldBe(WaitingCause.AllBusy);
        reason.What.ShouldContain("has a job: one");
    }

    [Fact]
    public async Task The_slots_are_parked()
    {
        await using var server = await StartAsync();
        var reason = await OneAsync(server, server.GitHub.QueueJob("true"), [Parked]);
        reason.Cause.ShouldBe(WaitingCause.SlotsParked);
        reason.What.ShouldContain("h1 github-runner-1: The image is not on this host");
    }

    [Fact]
    public async Task It_waits_for_another_job()
    {
        await using var server = await StartAsync();
        var folder = Directory.CreateDirectory(Path.Combine(server.Folder, "workflows", "acme", "widgets", ".github", "workflows")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "chain.yml"), """
            on: workflow_dispatch
            jobs:
              first: { runs-on: self-hosted, steps: [{ run: "true" }] }
              second: { runs-on: self-hosted, needs: first, steps: [{ run: "true" }] }
            """);
        (await server.Http.PostAsJsonAsync("repos/acme/widgets/actions/workflows/chain.yml/dispatches", new { @ref = "main" })).EnsureSuccessStatusCode();
        var second = server.GitHub.Jobs().Single(job => job.Name == "second");
        (await WhyAsync(server, second.RunId, [Parked])).Single(one => one.Job?.Name == "second").Reasons.Single().Cause.ShouldBe(WaitingCause.SomethingElse);
    }

    [Fact]
    public async Task No_pool_serves_the_repository()
    {
        await using var server = await StartAsync();
        var job = server.GitHub.FindJob(server.GitHub.QueueJob("true", repository: "ada/gadgets"))!;
        var reasons = await Why.ExplainAsync(new("ada/gadgets", job.RunId), Api(server), [], [], [], default);
        reasons.Single().Reasons.Single().Cause.ShouldBe(WaitingCause.NotServed);
    }

    [Fact]
    public async Task It_runs_already()
    {
        await using var server = await StartAsync();
        using var runner = await BusyAsync(server, "one");
        (await OneAsync(server, server.GitHub.Jobs().Single().Id, [])).What.ShouldBe("It runs on one.");
    }

    [Fact]
    public async Task One_is_idle_and_will_take_it()
    {
        await using var server = await StartAsync();
        using var runner = await OnlineAsync(server, "one");
        (await OneAsync(server, server.GitHub.QueueJob("true"), [])).Cause.ShouldBe(WaitingCause.Imminent);
    }

    [Fact]
    public async Task Some_are_busy_and_the_other_slots_are_parked()
    {
        await using var server = await StartAsync();
        using var runner = await BusyAsync(server, "one");
        var job = server.GitHub.FindJob(server.GitHub.QueueJob("true"))!;
        (await WhyAsync(server, job.RunId, [Parked])).Single().Reasons.Select(reason => reason.Cause).ShouldBe([WaitingCause.AllBusy, WaitingCause.SlotsParked]);
    }

    [Fact]
    public async Task One_group_is_closed_and_the_slots_of_the_other_are_drained()
    {
        await using var server = await StartAsync();
        using var runner = await OnlineAsync(server, "one", group: 2);
        var job = server.GitHub.FindJob(server.GitHub.QueueJob("true"))!;
        var drained = Parked with { State = "Empty", Reason = null, Drained = true };
        (await WhyAsync(server, job.RunId, [drained])).Single().Reasons.Select(reason => reason.Cause).ShouldBe([WaitingCause.GroupClosed, WaitingCause.SlotsDrained]);
    }

    /// <summary>GitHub makes jobs of a run only once it may begin, and tells of a wait for approval as a run that has ended so.</summary>
    [Theory]
    [InlineData("completed", "action_required", "The run waits for approval")]
    [InlineData("action_required", null, "The run waits for approval")]
    [InlineData("pending", null, "concurrency group")]
    [InlineData("queued", null, "GitHub has made no job of the run yet")]
    [InlineData("completed", "startup_failure", "The run has ended without a job: startup_failure.")]
    public async Task A_run_without_jobs_waits_as_a_whole(string status, string? conclusion, string said)
    {
        using var wire = new Answers(new() { [Run] = new { status, conclusion }, [$"{Run}/jobs"] = new { total_count = 0, jobs = Array.Empty<object>() } });
        var found = await Why.ExplainAsync(new("acme/widgets", 7), wire.Api, [], [], [], default);
        found.Single().Job.ShouldBeNull();
        using var output = new StringWriter();
        WaitingTable.Write(output, found);
        output.ToString().ShouldContain(said);
    }

    [Fact]
    public async Task A_queued_job_needs_a_runner_also_while_another_of_its_run_waits_for_an_environment()
    {
        object Job(string name, string status, string[] labels) => new { name, status, labels, runner_name = (string?)null, conclusion = (string?)null };
        using var wire = new Answers(new()
        {
            [Run] = new { status = "waiting" }, [$"{Run}/jobs"] = new { total_count = 2, jobs = new[] { Job("build", "queued", ["linux", "gpu"]), Job("deploy", "waiting", ["linux"]) } },
            ["orgs/acme/actions/runners"] = new { total_count = 0, runners = Array.Empty<object>() }, ["orgs/acme/actions/runner-groups"] = new { total_count = 0, runner_groups = Array.Empty<object>() },
        });
        var scope = new GitHubScope(ScopeKind.Organization, "acme", new Uri("http://x"), new GitHubCredential.Token(new SecretReference.FromEnvironment("X")));
        var found = await Why.ExplainAsync(new("acme/widgets", 7), wire.Api, [(scope, wire.Api)], [], [], default);
        found.Select(one => (one.Job?.Name, one.Reasons.Single().Cause)).ShouldBe([("build", WaitingCause.NoSuchRunner), ("deploy", WaitingCause.SomethingElse)]);
    }

    [Theory]
    [InlineData("https://github.com/acme/widgets/actions/runs/123", "acme/widgets", 123)]
    [InlineData("https://github.com/acme/widgets/actions/runs/123/job/7?pr=1", "acme/widgets", 123)]
    [InlineData("55", "acme/canary", 55)]
    public void A_run_is_named_by_address_or_number(string text, string repository, long id) => RunName.Parse(text, "acme/canary").ShouldBe(new RunName(repository, id));

    [Fact]
    public void A_number_without_a_repository_is_refused() => Should.Throw<ConfigurationException>(() => RunName.Parse("55", null)).Fix.ShouldContain("Copy the address");

    private static async Task<WaitingReason> OneAsync(DoubleServer server, long job, CandidateSlot[] slots) =>
        (await WhyAsync(server, server.GitHub.FindJob(job)!.RunId, slots)).Single().Reasons.Single();

    private static Task<IReadOnlyList<(QueuedJob? Job, System.Collections.Immutable.ImmutableArray<WaitingReason> Reasons)>> WhyAsync(DoubleServer server, long run, CandidateSlot[] slots) =>
        Why.ExplainAsync(new("acme/widgets", run), Api(server), [(Scope(server), Api(server))], [.. slots], [], default);

    private static GitHubScope Scope(DoubleServer server) =>
        new(ScopeKind.Organization, "acme", new Uri(server.Url), new GitHubCredential.Token(new SecretReference.FromEnvironment("X")));

    private static GitHubApi Api(DoubleServer server) => new(new Uri($"{server.Url}/api/v3"), new Secret(DoubleServer.AdminToken));

    private static async Task<BrokerCaller> OnlineAsync(DoubleServer server, string name, int group = 1)
    {
        var made = await server.Http.PostAsJsonAsync("orgs/acme/actions/runners/generate-jitconfig", new { name, runner_group_id = group, labels = new[] { "self-hosted", "linux" } });
        var caller = new BrokerCaller(server.Url, JsonDocument.Parse(await made.Content.ReadAsStringAsync()).RootElement.GetProperty("encoded_jit_config").GetString()!);
        await caller.TokenAsync();
        (await caller.OpenAsync()).EnsureSuccessStatusCode();
        return caller;
    }

    private static async Task<BrokerCaller> BusyAsync(DoubleServer server, string name)
    {
        var caller = await OnlineAsync(server, name);
        server.GitHub.QueueJob("true");
        (await caller.AcquireAsync(await BrokerCaller.RequestAsync(await caller.PollAsync()))).EnsureSuccessStatusCode();
        return caller;
    }

    private const string Run = "repos/acme/widgets/actions/runs/7";

    /// <summary>What GitHub says of states that the lab's runs never have.</summary>
    private sealed class Answers(Dictionary<string, object> bodies) : HttpMessageHandler
    {
        public GitHubApi Api => new(new Uri("http://x/"), null, this);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = JsonContent.Create(bodies[request.RequestUri!.AbsolutePath.TrimStart('/')]) });
    }
}
