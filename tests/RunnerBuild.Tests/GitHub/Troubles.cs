using System.Security.Cryptography;
using Lab.GitHub;
using Lab.Tests.GitHub;
using RunnerBuild.Config;
using RunnerBuild.Remote.GitHub;
using Supervisor.GitHub;
using Supervisor.Slots;

namespace RunnerBuild.Tests.GitHub;

/// <summary>Each fault that the lab's GitHub knows, against the client of the orchestrator and against the supervisor's: no crash, no hot loop, the right sentence.</summary>
public sealed class Troubles
{
    private const string List = "orgs/acme/actions/runners";

    [Theory]
    [InlineData("latency", "300ms", 1)]
    [InlineData("primary-limit", "2s", 2)]
    [InlineData("secondary-limit", "2s", 2)]
    [InlineData("too-many-requests", "2s", 2)]
    [InlineData("server-errors", "2s", 4)]
    [InlineData("hang", "2s", 4)]
    [InlineData("cut", "2s", 4)]
    public async Task The_orchestrator_outlives_what_passes_soon(string fault, string value, int mostCalls)
    {
        await using var server = await DoubleServer.StartAsync();
        using var clients = new Clients(server);
        server.GitHub.SetFault(fault, value);
        (await clients.Controller.GetAsync(List, default)).ShouldNotBeNull();
        clients.Calls.ShouldBeLessThanOrEqualTo(mostCalls);
    }

    [Theory]
    [InlineData("primary-limit", "GitHub limits the rate of calls.", 1)]
    [InlineData("secondary-limit", "GitHub limits the rate of calls.", 1)]
    [InlineData("too-many-requests", "GitHub limits the rate of calls.", 1)]
    [InlineData("server-errors", "502", 4)]
    [InlineData("hang", "does not answer", 4)]
    [InlineData("cut", "does not answer", 4)]
    [InlineData("truncated-lists", "GitHub listed 1 of 2", 2)]
    public async Task The_orchestrator_says_what_lasts_and_calls_few_times(string fault, string sentence, int mostCalls)
    {
        await using var server = await DoubleServer.StartAsync();
        await server.MintAsync("one");
        await server.MintAsync("two");
        using var clients = new Clients(server);
        server.GitHub.SetFault(fault, "30m");
        var said = await Should.ThrowAsync<RunnerBuildException>(clients.Controller.ListAsync(List, "runners", default));
        said.Message.ShouldContain(sentence);
        said.Fix.ShouldNotBeEmpty();
        clients.Calls.ShouldBeLessThanOrEqualTo(mostCalls);
    }

    [Fact]
    public async Task Runners_and_their_groups_are_not_read_from_a_list_that_was_cut_short()
    {
        await using var server = await DoubleServer.StartAsync();
        await server.MintAsync("one");
        await server.MintAsync("two");
        using var clients = new Clients(server);
        var token = new Secret(DoubleServer.AdminToken);
        (await RunnerGroups.OfAsync(clients.Scope, token, default))["one"].ShouldBe("Default");
        server.GitHub.SetFault("truncated-lists", "30m");

        (await Should.ThrowAsync<RunnerBuildException>(RunnerGroups.OfAsync(clients.Scope, token, default))).What.ShouldStartWith("GitHub listed 1 of 2");
        (await Should.ThrowAsync<RunnerBuildException>(RunnerList.OfAsync(clients.Scope, token))).What.ShouldStartWith("GitHub listed 1 of 2");
    }

    [Theory]
    [InlineData("primary-limit", "40s", nameof(SetbackKind.RateLimited), "asking again in ", 30)]
    [InlineData("secondary-limit", "40s", nameof(SetbackKind.RateLimited), "asking again in ", 30)]
    [InlineData("too-many-requests", "40s", nameof(SetbackKind.RateLimited), "429", 30)]
    [InlineData("server-errors", "40s", nameof(SetbackKind.Unavailable), "GitHub has trouble: 502", 5)]
    [InlineData("hang", "40s", nameof(SetbackKind.Unavailable), "did not answer", 5)]
    [InlineData("cut", "40s", nameof(SetbackKind.Unavailable), "GitHub cannot be reached", 5)]
    [InlineData("refuse-jit", "40s", nameof(SetbackKind.Refused), "maximum number of runners", 300)]
    public async Task The_supervisor_parks_with_a_sentence_and_waits(string fault, string value, string kind, string sentence, int leastSeconds)
    {
        await using var server = await DoubleServer.StartAsync();
        using var clients = new Clients(server);
        server.GitHub.SetFault(fault, value);
        var met = await Should.ThrowAsync<GitHubFault>(clients.SupervisorApi.MintAsync(clients.SupervisorScope, null, "one", ["self-hosted"], default));

        var setback = Setback.Of(met).ShouldNotBeNull();
        setback.Kind.ToString().ShouldBe(kind);
        setback.Reason.ShouldContain(sentence);
        Backoff.DelayOf(setback, 1, 0, new Timing()).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(leastSeconds));
        server.GitHub.Runners().ShouldBeEmpty();

        server.GitHub.SetFault(fault, "off");
        // What GitHub asked to wait holds, also where a call would succeed again.
        if (setback.Kind == SetbackKind.RateLimited)
        {
            Backoff.DelayOf(setback, 1, 0, new Timing()).ShouldBeLessThan(TimeSpan.FromSeconds(45), "GitHub asked for 40");
            (await Should.ThrowAsync<GitHubFault>(clients.SupervisorApi.ListAsync(clients.SupervisorScope, default))).Message.ShouldContain("as it said before");
        }

        clients.SupervisorTime.Advance(TimeSpan.FromMinutes(1));
        (await clients.SupervisorApi.MintAsync(clients.SupervisorScope, null, "one", ["self-hosted"], default)).Name.ShouldBe("one");
    }

    [Fact]
    public async Task The_supervisor_concludes_nothing_from_a_list_that_was_cut_short()
    {
        await using var server = await DoubleServer.StartAsync();
        await server.MintAsync("one");
        using var clients = new Clients(server);
        server.GitHub.SetFault("truncated-lists", "30m");
        (await clients.SupervisorApi.ListAsync(clients.SupervisorScope, default)).ShouldBeNull();
        server.GitHub.SetFault("all", "off");
        (await clients.SupervisorApi.ListAsync(clients.SupervisorScope, default))!.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_list_that_did_not_change_costs_the_supervisor_nothing()
    {
        await using var server = await DoubleServer.StartAsync(with: o => o with { CallsAnHour = 2 });
        await server.MintAsync("one");
        using var clients = new Clients(server);
        for (var times = 0; times < 6; times++)
            (await clients.SupervisorApi.ListAsync(clients.SupervisorScope, default))!.Single().Name.ShouldBe("one");
    }

    [Fact]
    public async Task A_registration_that_vanished_is_gone_for_the_supervisor()
    {
        await using var server = await DoubleServer.StartAsync();
        await server.MintAsync("one");
        using var clients = new Clients(server);
        var id = server.GitHub.Runners().Single().Id;
        server.GitHub.SetFault("runner-deleted", "one");
        (await clients.SupervisorApi.DeregisterAsync(clients.SupervisorScope, id, default)).ShouldBe(Deregistration.NotFound);
    }

    [Fact]
    public async Task A_runner_with_a_job_stays_and_the_supervisor_knows_why()
    {
        await using var server = await DoubleServer.StartAsync();
        using var clients = new Clients(server);
        using var runner = new BrokerCaller(server.Url, await server.MintAsync("one"));
        await runner.TokenAsync();
        await runner.OpenAsync();
        server.GitHub.QueueJob("echo hi");
        (await runner.AcquireAsync(await BrokerCaller.RequestAsync(await runner.PollAsync()))).EnsureSuccessStatusCode();

        (await clients.SupervisorApi.DeregisterAsync(clients.SupervisorScope, server.GitHub.Runners().Single().Id, default)).ShouldBe(Deregistration.Busy);
    }

    [Theory]
    [InlineData("20m")]
    [InlineData("-20m")]
    public async Task An_App_signs_by_GitHubs_clock_where_the_own_is_wrong(string skew)
    {
        using var key = RSA.Create(2048);
        await using var server = await StartAsync(key);
        using var clients = new Clients(server);
        server.GitHub.SetFault("clock-skew", skew);

        var scope = clients.Scope with { Credential = new GitHubCredential.App("7", null, new SecretReference.FromEnvironment("X")) };
        var token = await AppToken.MintAsync(scope, (GitHubCredential.App)scope.Credential, new Secret(key.ExportRSAPrivateKeyPem()), TokenUse.Runners, default, clients.Handler);
        (token.Ends - TimeProvider.System.GetUtcNow()).ShouldBeInRange(TimeSpan.FromMinutes(58), TimeSpan.FromMinutes(62));
        (await server.As(token.Value.Reveal()).GetAsync(List)).EnsureSuccessStatusCode();

        using var connection = new GitHubConnection(TimeSpan.FromSeconds(5), TimeProvider.System);
        var tokens = new AppTokens(connection, TimeProvider.System);
        var supervisors = await tokens.TokenAsync(new("7", null, key.ExportRSAPrivateKeyPem()), clients.SupervisorScope, default);
        (await server.As(supervisors).GetAsync(List)).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task Tokens_of_an_App_can_do_no_more_than_they_are_for()
    {
        using var key = RSA.Create(2048);
        await using var server = await StartAsync(key);
        using var clients = new Clients(server);
        var scope = clients.Scope with { Credential = new GitHubCredential.App("7", 70, new SecretReference.FromEnvironment("X")) };
        Task<RunnerBuild.Remote.GitHub.InstallationToken> MintAsync(TokenUse use) => AppToken.MintAsync(scope, (GitHubCredential.App)scope.Credential, new Secret(key.ExportRSAPrivateKeyPem()), use, default, clients.Handler);

        var token = (await MintAsync(TokenUse.Runners)).Value.Reveal();
        (await server.As(token).GetAsync(List)).EnsureSuccessStatusCode();
        (await server.As(token).GetAsync("repos/acme/widgets/actions/runs")).StatusCode.ShouldBe(System.Net.HttpStatusCode.Forbidden);
        // This installation may not start workflows at all.
        (await Should.ThrowAsync<RunnerBuildException>(MintAsync(TokenUse.Workflows))).Fix.ShouldContain("`actions: write`");
    }

    [Fact]
    public async Task The_supervisors_token_manages_runners_and_looks_at_runs_and_no_more()
    {
        using var key = RSA.Create(2048);
        await using var server = await DoubleServer.StartAsync(with: o => o with
        {
            Apps = [new GitHubApp(7, "Iv1.lab", key.ExportSubjectPublicKeyInfoPem(), [new(70, "acme", ["organization_self_hosted_runners:write", "actions:write", "metadata:read"])])],
        });
        using var clients = new Clients(server);
        using var connection = new GitHubConnection(TimeSpan.FromSeconds(30), TimeProvider.System);
        var token = await new AppTokens(connection, TimeProvider.System).TokenAsync(new("7", null, key.ExportRSAPrivateKeyPem()), clients.SupervisorScope, default);

        (await server.As(token).GetAsync(List)).EnsureSuccessStatusCode();
        (await server.As(token).GetAsync("repos/acme/widgets/actions/runs")).EnsureSuccessStatusCode();
        using var dispatch = new StringContent("""{"ref":"main"}""", System.Text.Encoding.UTF8, "application/json");
        (await server.As(token).PostAsync("repos/acme/widgets/actions/workflows/canary.yml/dispatches", dispatch)).StatusCode.ShouldBe(System.Net.HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Tokens_that_end_soon_are_not_kept()
    {
        using var key = RSA.Create(2048);
        await using var server = await StartAsync(key);
        using var clients = new Clients(server);
        server.GitHub.SetFault("token-expiry", "2s");
        using var connection = new GitHubConnection(TimeSpan.FromSeconds(5), TimeProvider.System);
        var tokens = new AppTokens(connection, TimeProvider.System);
        var app = new AppContent("7", null, key.ExportRSAPrivateKeyPem());
        var first = await tokens.TokenAsync(app, clients.SupervisorScope, default);
        (await tokens.TokenAsync(app, clients.SupervisorScope, default)).ShouldNotBe(first);
        server.GitHub.SetFault("all", "off");
        var kept = await tokens.TokenAsync(app, clients.SupervisorScope, default);
        (await tokens.TokenAsync(app, clients.SupervisorScope, default)).ShouldBe(kept);
    }

    private static Task<DoubleServer> StartAsync(RSA key) => DoubleServer.StartAsync(with: o => o with
    {
        Apps = [new GitHubApp(7, "Iv1.lab", key.ExportSubjectPublicKeyInfoPem(), [new(70, "acme", ["organization_self_hosted_runners:write", "metadata:read"])])],
    });
}
