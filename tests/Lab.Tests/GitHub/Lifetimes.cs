using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Lab.GitHub;
using Microsoft.Extensions.Time.Testing;

namespace Lab.Tests.GitHub;

/// <summary>What ends by time alone, on a clock that the test moves.</summary>
public sealed class Lifetimes
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);

    [Fact]
    public async Task A_runner_that_stays_away_is_forgotten_one_for_a_single_job_after_a_day()
    {
        await using var server = await DoubleServer.StartAsync(_clock);
        await server.MintAsync("once");
        (await RegisterAsync(server, await RegistrationTokenAsync(server), "often")).StatusCode.ShouldBe(HttpStatusCode.Created);

        _clock.Advance(TimeSpan.FromHours(23));
        server.GitHub.Runners().Count.ShouldBe(2);
        _clock.Advance(TimeSpan.FromHours(2));
        server.GitHub.Runners().Single().Name.ShouldBe("often");
        _clock.Advance(TimeSpan.FromDays(14));
        server.GitHub.Runners().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_job_that_takes_longer_than_it_may_is_cancelled()
    {
        await using var server = await DoubleServer.StartAsync(_clock, o => o with { JobLease = TimeSpan.FromDays(1) });
        using var caller = new BrokerCaller(server.Url, await server.MintAsync("one"));
        server.GitHub.QueueJob("echo hi");
        await caller.TokenAsync();
        await caller.OpenAsync();
        (await caller.AcquireAsync(await BrokerCaller.RequestAsync(await caller.PollAsync()))).EnsureSuccessStatusCode();

        // Six hours, where the workflow says nothing.
        _clock.Advance(TimeSpan.FromMinutes(361));
        (await caller.TokenAsync(expires: 400 * 60)).EnsureSuccessStatusCode();
        var message = await DoubleServer.JsonAsync(await caller.PollAsync());

        message.GetProperty("messageType").GetString().ShouldBe("JobCancellation");
    }

    [Fact]
    public async Task A_runner_that_is_too_old_is_told_so_and_gets_no_job()
    {
        await using var server = await DoubleServer.StartAsync(_clock);
        using var caller = new BrokerCaller(server.Url, await server.MintAsync("one"));
        await caller.TokenAsync();
        await caller.OpenAsync();
        var id = server.GitHub.QueueJob("echo hi");
        server.GitHub.SetFault("deprecation", "2.329.0");

        var refused = await caller.PollAsync();

        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await DoubleServer.JsonAsync(refused)).GetProperty("errorKind").GetString().ShouldBe("RunnerVersionTooOld");
        server.GitHub.FindJob(id)!.Status.ShouldBe("queued");
    }

    [Fact]
    public async Task Tokens_of_a_person_of_an_installation_and_for_a_registration_end()
    {
        using var key = RSA.Create(2048);
        var app = new GitHubApp(7, "Iv1.lab", key.ExportSubjectPublicKeyInfoPem(), [new(70, "acme", ["organization_self_hosted_runners:write"])]);
        await using var server = await DoubleServer.StartAsync(_clock, o => o with
        {
            Apps = [app], Tokens = [.. o.Tokens, new("ghp_ends", "ada", AccessToken.Everything) { Expires = _clock.GetUtcNow().AddMinutes(30) }],
        });
        var minted = await server.As(AppJwt.Of(key, "7", 9)).PostAsync("app/installations/70/access_tokens", null);
        var installation = (await DoubleServer.JsonAsync(minted)).GetProperty("token").GetString();
        var registration = await RegistrationTokenAsync(server);
        async Task<HttpStatusCode[]> AnswersAsync() =>
        [
            (await server.As("ghp_ends").GetAsync("user")).StatusCode, (await server.As(installation).GetAsync("orgs/acme/actions/runners")).StatusCode,
            (await RegisterAsync(server, registration, $"at-{_clock.GetUtcNow().Minute}")).StatusCode,
        ];

        (await AnswersAsync()).ShouldBe([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Created]);
        _clock.Advance(TimeSpan.FromMinutes(31));
        (await AnswersAsync()).ShouldBe([HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.Created]);
        _clock.Advance(TimeSpan.FromMinutes(30));
        (await AnswersAsync()).ShouldBe([HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized]);
    }

    [Fact]
    public async Task The_word_of_an_App_whose_clock_is_ahead_is_not_taken()
    {
        using var key = RSA.Create(2048);
        var late = new FakeTimeProvider(DateTimeOffset.UtcNow.AddMinutes(-10));
        await using var server = await DoubleServer.StartAsync(late, o => o with { Apps = [new GitHubApp(7, "Iv1.lab", key.ExportSubjectPublicKeyInfoPem(), [new(70, "acme", [])])] });

        var answer = await server.As(AppJwt.Of(key, "7", -8)).GetAsync("app");

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await DoubleServer.JsonAsync(answer)).GetProperty("message").GetString()!.ShouldStartWith("'Issued at' claim");
    }

    private static async Task<string> RegistrationTokenAsync(DoubleServer server) =>
        (await DoubleServer.JsonAsync(await server.Http.PostAsync("orgs/acme/actions/runners/registration-token", null))).GetProperty("token").GetString()!;

    private static async Task<HttpResponseMessage> RegisterAsync(DoubleServer server, string token, string name)
    {
        using var key = RSA.Create(2048);
        using var runner = DoubleServer.Client(server.Url, null);
        runner.DefaultRequestHeaders.Add("Authorization", $"RemoteAuth {token}");
        return await runner.PostAsJsonAsync("actions/runners/register", new
        {
            url = $"{server.Url}/acme", group_id = 1, name, version = "2.336.0", ephemeral = false, public_key = key.ToXmlString(false), labels = Array.Empty<object>(),
        });
    }
}
