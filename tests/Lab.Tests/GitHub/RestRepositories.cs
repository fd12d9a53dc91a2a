using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Lab.GitHub;

namespace Lab.Tests.GitHub;

/// <summary>Repositories, what an installation reaches of them, and the logs of whole runs.</summary>
public class RestRepositories
{
    [Fact]
    public async Task An_installation_reaches_its_account_or_the_repositories_that_its_token_was_asked_for()
    {
        using var key = RSA.Create(2048);
        var app = new GitHubApp(7, "Iv1.lab", key.ExportSubjectPublicKeyInfoPem(), [new(70, "acme", ["administration:write", "metadata:read"])]);
        await using var server = await DoubleServer.StartAsync(with: o => o with { Apps = [app], Repositories = ["acme/widgets", "acme/other", "ada/gadgets"] });
        async Task<HttpClient> TokenAsync(object body)
        {
            var answer = await server.As(AppJwt.Of(key, "7", 9)).PostAsJsonAsync("app/installations/70/access_tokens", body);
            answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
            return server.As((await DoubleServer.JsonAsync(answer)).GetProperty("token").GetString());
        }

        using var whole = await TokenAsync(new { });
        (await DoubleServer.JsonAsync(await whole.GetAsync("installation/repositories"))).GetProperty("total_count").GetInt32().ShouldBe(2);
        using var narrow = await TokenAsync(new { repositories = new[] { "widgets" }, permissions = new { administration = "read" } });
        (await DoubleServer.JsonAsync(await narrow.GetAsync("installation/repositories"))).GetProperty("total_count").GetInt32().ShouldBe(1);
        (await narrow.GetAsync("repos/acme/widgets/actions/runners")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await narrow.GetAsync("repos/acme/other/actions/runners")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await narrow.PostAsync("repos/acme/widgets/actions/runners/registration-token", null)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        using var jwt = server.As(AppJwt.Of(key, "7", 9));
        (await jwt.PostAsJsonAsync("app/installations/70/access_tokens", new { permissions = new { actions = "write" } })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await jwt.PostAsJsonAsync("app/installations/70/access_tokens", new { repositories = new[] { "gadgets" } })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        foreach (var path in (string[])["app", "app/installations", "app/installations/70", "repos/acme/widgets/installation"])
            (await jwt.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.OK, path);
    }

    [Fact]
    public async Task Public_repositories_are_listed_and_say_whose_pull_requests_wait()
    {
        await using var server = await DoubleServer.StartAsync(with: o => o with { Repositories = ["acme/widgets", "acme/open"], PublicRepositories = ["acme/open"] });
        (await server.GetAsync("orgs/acme/repos?type=public")).EnumerateArray().Single().GetProperty("full_name").GetString().ShouldBe("acme/open");
        (await server.GetAsync("orgs/acme/repos")).GetArrayLength().ShouldBe(2);
        (await server.GetAsync("repos/acme/open")).GetProperty("visibility").GetString().ShouldBe("public");
        (await server.GetAsync("repos/acme/open/actions/permissions/fork-pr-contributor-approval")).GetProperty("approval_policy").GetString().ShouldBe("first_time_contributors");
        (await server.Http.GetAsync("repos/acme/widgets/actions/permissions/fork-pr-contributor-approval")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_logs_of_a_run_are_one_archive()
    {
        await using var server = await DoubleServer.StartAsync();
        using var runner = RunnerProcess.Start(await server.MintAsync("one"));
        var job = await server.JobAsync(server.GitHub.QueueJob("echo hello"));
        using var archive = new ZipArchive(await server.Http.GetStreamAsync($"repos/acme/widgets/actions/runs/{job.RunId}/logs"));
        using var reader = new StreamReader(archive.Entries.Single().Open());
        (await reader.ReadToEndAsync()).ShouldContain("Z hello");
        await runner.ExitAsync();
    }
}
