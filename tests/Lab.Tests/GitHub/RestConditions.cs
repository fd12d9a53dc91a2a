using System.Net;
using System.Net.Http.Json;

namespace Lab.Tests.GitHub;

/// <summary>ETags, the budget of calls, and what each costs.</summary>
public class RestConditions
{
    [Fact]
    public async Task An_answer_that_the_caller_has_is_not_sent_again_and_costs_nothing()
    {
        await using var server = await DoubleServer.StartAsync();
        await server.MintAsync("one");
        var first = await server.Http.GetAsync("orgs/acme/actions/runners");
        var left = first.Headers.GetValues("x-ratelimit-remaining").Single();

        using var again = new HttpRequestMessage(HttpMethod.Get, "orgs/acme/actions/runners");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        var second = await server.Http.SendAsync(again);
        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        second.Headers.GetValues("x-ratelimit-remaining").Single().ShouldBe(left);

        await server.MintAsync("two");
        using var changed = new HttpRequestMessage(HttpMethod.Get, "orgs/acme/actions/runners");
        changed.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        (await server.Http.SendAsync(changed)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_spent_budget_is_refused_until_the_hour_is_over_and_registrations_have_their_own()
    {
        await using var server = await DoubleServer.StartAsync(with: o => o with { CallsAnHour = 2 });
        (await server.Http.GetAsync("user")).EnsureSuccessStatusCode();
        (await server.Http.GetAsync("user")).EnsureSuccessStatusCode();

        var refused = await server.Http.GetAsync("user");
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        refused.Headers.GetValues("x-ratelimit-remaining").ShouldBe(["0"]);
        (await DoubleServer.JsonAsync(refused)).GetProperty("message").GetString()!.ShouldContain("API rate limit exceeded");
        var registered = await server.Http.PostAsync("orgs/acme/actions/runners/registration-token", null);
        registered.Headers.GetValues("x-ratelimit-resource").ShouldBe(["actions_runner_registration"]);
        registered.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_group_gives_its_runners_only_jobs_of_the_repositories_that_it_admits()
    {
        await using var server = await DoubleServer.StartAsync(with: o => o with
        {
            Organizations = [new("acme", [new(1, "Default", true), new(2, "closed", false, ["acme/other"])])],
            Repositories = ["acme/widgets", "acme/other"],
        });
        (await server.GetAsync("orgs/acme/actions/runner-groups/2")).GetProperty("visibility").GetString().ShouldBe("selected");
        (await server.GetAsync("orgs/acme/actions/runner-groups/2/repositories")).GetProperty("total_count").GetInt32().ShouldBe(1);
        (await server.GetAsync("orgs/acme/actions/runner-groups?visible_to_repository=widgets")).GetProperty("total_count").GetInt32().ShouldBe(1);

        var made = await server.Http.PostAsJsonAsync("orgs/acme/actions/runners/generate-jitconfig", new { name = "closed", runner_group_id = 2, labels = new[] { "self-hosted" } });
        using var caller = new BrokerCaller(server.Url, (await DoubleServer.JsonAsync(made)).GetProperty("encoded_jit_config").GetString()!);
        await caller.TokenAsync();
        await caller.OpenAsync();
        var foreign = server.GitHub.QueueJob("echo 1", repository: "acme/widgets");
        var own = server.GitHub.QueueJob("echo 2", repository: "acme/other");
        (await caller.AcquireAsync(await BrokerCaller.RequestAsync(await caller.PollAsync()))).StatusCode.ShouldBe(HttpStatusCode.OK);
        server.GitHub.FindJob(own)!.Status.ShouldBe("in_progress");
        server.GitHub.FindJob(foreign)!.Status.ShouldBe("queued");
    }

    [Fact]
    public async Task Labels_of_the_system_stay()
    {
        await using var server = await DoubleServer.StartAsync();
        using var key = System.Security.Cryptography.RSA.Create(2048);
        var token = (await DoubleServer.JsonAsync(await server.Http.PostAsync("orgs/acme/actions/runners/registration-token", null))).GetProperty("token").GetString();
        using var runner = DoubleServer.Client(server.Url, null);
        runner.DefaultRequestHeaders.Add("Authorization", $"RemoteAuth {token}");
        var registered = await runner.PostAsJsonAsync("actions/runners/register", new
        {
            url = $"{server.Url}/acme", group_id = 1, name = "one", version = "2.336.0", ephemeral = true, public_key = key.ToXmlString(false),
            labels = new[] { new { id = 0, name = "Linux", type = "system" }, new { id = 0, name = "gpu", type = "user" } },
        });
        registered.StatusCode.ShouldBe(HttpStatusCode.Created, await registered.Content.ReadAsStringAsync());
        var id = (await DoubleServer.JsonAsync(registered)).GetProperty("id").GetInt64();

        (await server.Http.DeleteAsync($"orgs/acme/actions/runners/{id}/labels/linux")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.Http.DeleteAsync($"orgs/acme/actions/runners/{id}/labels/gpu")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await runner.GetAsync("repos/acme/widgets")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await runner.GetAsync("repos/ada/gadgets/actions/runners")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_registration_token_is_for_its_own_scope()
    {
        await using var server = await DoubleServer.StartAsync(with: o => o with { Repositories = ["acme/widgets", "acme/other"] });
        var token = (await DoubleServer.JsonAsync(await server.Http.PostAsync("repos/acme/widgets/actions/runners/registration-token", null))).GetProperty("token").GetString();
        using var runner = DoubleServer.Client(server.Url, null);
        runner.DefaultRequestHeaders.Add("Authorization", $"RemoteAuth {token}");

        (await runner.GetAsync("repos/acme/widgets/actions/runners")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await runner.GetAsync("repos/acme/other/actions/runners")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("orgs/acme")]
    [InlineData("repos/ada/gadgets")]
    [InlineData("enterprises/acme-group")]
    public async Task Every_scope_has_the_calls_for_runners(string scope)
    {
        await using var server = await DoubleServer.StartAsync();
        var releases = Directory.CreateDirectory(Path.Combine(server.Folder, "releases")).FullName;
        foreach (var version in (string[])["2.335.0", "2.336.0"])
            await File.WriteAllTextAsync(Path.Combine(releases, $"actions-runner-linux-x64-{version}.tar.gz"), version);
        await server.MintAsync("one", scope: scope);
        var id = server.GitHub.Runners().Single().Id;

        foreach (var path in (string[])["", $"/{id}", $"/{id}/labels", "/downloads", "/deprecations/2.336.0", "/deprecations/2.335.0"])
            (await server.Http.GetAsync($"{scope}/actions/runners{path}")).StatusCode.ShouldBe(HttpStatusCode.OK, path);
        (await server.GetAsync($"{scope}/actions/runners/deprecations/2.335.0")).GetProperty("runtime_deprecates_at").GetDateTimeOffset().ShouldBeGreaterThan(DateTimeOffset.UtcNow);
        (await server.Http.GetAsync($"{scope}/actions/runners/deprecations/1.0.0")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Http.PutAsJsonAsync($"{scope}/actions/runners/{id}/labels", new { labels = new[] { "a" } })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.Http.PostAsync($"{scope}/actions/runners/remove-token", null)).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await server.Http.DeleteAsync($"{scope}/actions/runners/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }
}
