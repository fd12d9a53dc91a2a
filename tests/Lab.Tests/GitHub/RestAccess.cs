using System.Net;
using System.Security.Cryptography;
using Lab.GitHub;

namespace Lab.Tests.GitHub;

/// <summary>Who may do what at the REST API, and how the others are told.</summary>
public class RestAccess
{
    private static Task<DoubleServer> StartAsync(params AccessToken[] tokens) => DoubleServer.StartAsync(with: o => o with { Tokens = [.. o.Tokens, .. tokens] });

    [Fact]
    public async Task A_credential_is_needed_and_must_be_right()
    {
        await using var server = await StartAsync();
        var none = await server.As(null).GetAsync("user");
        none.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await DoubleServer.JsonAsync(none)).GetProperty("message").GetString().ShouldBe("Requires authentication");

        var wrong = await server.As("ghp_wrong").GetAsync("orgs/acme/actions/runners");
        wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await wrong.Content.ReadAsStringAsync()).ShouldBe(
            """{"message":"Bad credentials","documentation_url":"https://docs.github.com/rest","status":"401"}""");
    }

    [Fact]
    public async Task A_classic_token_without_the_scope_sees_nothing()
    {
        await using var server = await StartAsync(new AccessToken("ghp_repo", "ada", ["repo"]));
        var answer = await server.As("ghp_repo").GetAsync("orgs/acme/actions/runners");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        answer.Headers.GetValues("X-OAuth-Scopes").ShouldBe(["repo"]);
        answer.Headers.GetValues("X-Accepted-OAuth-Scopes").ShouldBe(["admin:org"]);
        (await server.As("ghp_repo").GetAsync("repos/ada/gadgets/actions/runners")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_fine_grained_token_is_told_what_it_lacks()
    {
        await using var server = await StartAsync(new AccessToken("github_pat_read", "ada", ["organization_self_hosted_runners:read"]));
        (await server.As("github_pat_read").GetAsync("orgs/acme/actions/runners")).StatusCode.ShouldBe(HttpStatusCode.OK);

        var answer = await server.As("github_pat_read").PostAsync("orgs/acme/actions/runners/generate-jitconfig", null);
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        answer.Headers.GetValues("X-Accepted-GitHub-Permissions").ShouldBe(["organization_self_hosted_runners=write"]);
        (await DoubleServer.JsonAsync(answer)).GetProperty("message").GetString().ShouldBe("Resource not accessible by personal access token");
    }

    [Fact]
    public async Task Answers_carry_request_id_and_rate_limit()
    {
        await using var server = await StartAsync();
        await server.Http.GetAsync("user");
        var answer = await server.Http.GetAsync("user");

        answer.Headers.GetValues("X-GitHub-Request-Id").Single().Length.ShouldBe(32);
        answer.Headers.GetValues("x-ratelimit-remaining").ShouldBe(["4998"]);
        answer.Headers.GetValues("x-ratelimit-resource").ShouldBe(["core"]);
    }

    [Fact]
    public async Task An_app_gets_a_token_of_its_installation_with_its_own_key_only()
    {
        using var key = RSA.Create(2048);
        using var other = RSA.Create(2048);
        var app = new GitHubApp(7, "Iv1.lab", key.ExportSubjectPublicKeyInfoPem(), [new(70, "acme", ["organization_self_hosted_runners:write"])]);
        await using var server = await DoubleServer.StartAsync(with: o => o with { Apps = [app] });

        var installation = await DoubleServer.JsonAsync(await server.As(AppJwt.Of(key, "7", 9)).GetAsync("orgs/acme/installation"));
        installation.GetProperty("id").GetInt64().ShouldBe(70);
        var answer = await server.As(AppJwt.Of(key, "7", 9)).PostAsync("app/installations/70/access_tokens", null);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        var token = (await DoubleServer.JsonAsync(answer)).GetProperty("token").GetString()!;
        (await server.As(token).GetAsync("orgs/acme/actions/runners")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.As(token).GetAsync("repos/ada/gadgets/actions/runners")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        (await server.As(AppJwt.Of(other, "7", 9)).GetAsync("orgs/acme/installation")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var late = await server.As(AppJwt.Of(key, "7", 60)).GetAsync("orgs/acme/installation");
        (await DoubleServer.JsonAsync(late)).GetProperty("message").GetString()!.ShouldContain("too far in the future");
        (await server.As(AppJwt.Of(key, "7", -1)).GetAsync("orgs/acme/installation")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
