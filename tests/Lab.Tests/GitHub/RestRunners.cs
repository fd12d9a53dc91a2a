using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Lab.Tests.GitHub;

/// <summary>The REST calls for runners, and what they refuse.</summary>
public class RestRunners
{
    [Theory]
    [InlineData("""{"name":"a","labels":["x"]}""", 422, "\"runner_group_id\" wasn't supplied.")]
    [InlineData("""{"name":"a","runner_group_id":1}""", 422, "\"labels\" wasn't supplied.")]
    [InlineData("""{}""", 422, "\"name\", \"runner_group_id\", \"labels\" weren't supplied.")]
    [InlineData("""{"name":"a","runner_group_id":1,"labels":[]}""", 422, "1 to 100 items are expected, 0 were given")]
    [InlineData("""{"name":"a","runner_group_id":"1","labels":["x"]}""", 422, "is not an integer")]
    [InlineData("""{"name":"a","runner_group_id":9,"labels":["x"]}""", 404, "Not Found")]
    [InlineData("""{"name":""", 400, "Problems parsing JSON")]
    [InlineData("""[]""", 400, "Body should be a JSON object")]
    public async Task A_wrong_request_for_a_configuration_is_refused(string body, int status, string message)
    {
        await using var server = await DoubleServer.StartAsync();
        var answer = await server.Http.PostAsync("orgs/acme/actions/runners/generate-jitconfig", new StringContent(body, Encoding.UTF8, "application/json"));

        ((int)answer.StatusCode).ShouldBe(status);
        var error = await DoubleServer.JsonAsync(answer);
        error.GetProperty("message").GetString()!.ShouldContain(message);
        error.GetProperty("documentation_url").GetString()!.ShouldStartWith("https://docs.github.com/rest");
        error.GetProperty("status").GetString().ShouldBe($"{status}");
        server.GitHub.Runners().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_name_is_taken_once_per_scope()
    {
        await using var server = await DoubleServer.StartAsync();
        await server.MintAsync("one");
        await server.MintAsync("one", scope: "repos/ada/gadgets");
        var again = await server.Http.PostAsJsonAsync(
            "orgs/acme/actions/runners/generate-jitconfig", new { name = "ONE", runner_group_id = 1, labels = new[] { "x" } });

        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await DoubleServer.JsonAsync(again)).GetProperty("message").GetString().ShouldBe("Already exists - A runner with the name ONE already exists.");
    }

    [Fact]
    public async Task A_configuration_holds_the_three_files_as_the_official_program_wants_them()
    {
        await using var server = await DoubleServer.StartAsync();
        var files = JsonDocument.Parse(Convert.FromBase64String(await server.MintAsync("one"))).RootElement;
        JsonElement File(string name) => JsonDocument.Parse(Convert.FromBase64String(files.GetProperty(name).GetString()!)).RootElement;

        var runner = File(".runner");
        runner.GetProperty("ServerUrl").GetString().ShouldBe($"{server.Url}/broker/");
        runner.GetProperty("ServerUrlV2").GetString().ShouldBe($"{server.Url}/broker/");
        runner.GetProperty("Ephemeral").GetString().ShouldBe("True");
        runner.GetProperty("UseV2Flow").GetString().ShouldBe("True");
        runner.GetProperty("AgentId").GetString().ShouldBe($"{server.GitHub.Runners()[0].Id}");
        File(".credentials").GetProperty("Data").GetProperty("authorizationUrl").GetString().ShouldBe($"{server.Url}/oauth/token");
        File(".credentials_rsaparams").EnumerateObject().Select(p => p.Name).Order().ShouldBe(
            ["d", "dp", "dq", "exponent", "inverseQ", "modulus", "p", "q"]);
    }

    [Fact]
    public async Task Pages_hold_every_runner_once_and_link_to_each_other()
    {
        await using var server = await DoubleServer.StartAsync();
        for (var i = 1; i <= 5; i++)
            await server.MintAsync($"r{i}");

        var first = await server.Http.GetAsync("orgs/acme/actions/runners?per_page=2");
        first.Headers.GetValues("Link").Single().ShouldContain("page=2>; rel=\"next\"");
        List<string> names = [];
        for (var page = 1; page <= 3; page++)
        {
            var body = await server.GetAsync($"orgs/acme/actions/runners?per_page=2&page={page}");
            body.GetProperty("total_count").GetInt32().ShouldBe(5);
            names.AddRange(body.GetProperty("runners").EnumerateArray().Select(r => r.GetProperty("name").GetString()!));
        }

        names.ShouldBe(["r1", "r2", "r3", "r4", "r5"]);
        (await server.GetAsync("orgs/acme/actions/runners?name=R3")).GetProperty("total_count").GetInt32().ShouldBe(1);
        (await server.GetAsync("repos/ada/gadgets/actions/runners")).GetProperty("total_count").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task A_runner_is_deleted_once_and_never_while_it_is_busy()
    {
        await using var server = await DoubleServer.StartAsync();
        var configuration = await server.MintAsync("one");
        var path = $"orgs/acme/actions/runners/{server.GitHub.Runners()[0].Id}";
        using var runner = RunnerProcess.Start(configuration);
        var job = server.GitHub.QueueJob("sleep 3");
        await DoubleServer.UntilAsync(() => server.GitHub.FindJob(job)!.Status == "in_progress", "the job does not start");

        (await server.GetAsync(path)).GetProperty("busy").GetBoolean().ShouldBeTrue();
        var refused = await server.Http.DeleteAsync(path);
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await DoubleServer.JsonAsync(refused)).GetProperty("message").GetString()!.ShouldContain("is still running a job");
        (await server.JobAsync(job)).Conclusion.ShouldBe("success");

        await server.MintAsync("two");
        var idle = $"orgs/acme/actions/runners/{server.GitHub.Runners().Single(r => r.Name == "two").Id}";
        (await server.Http.DeleteAsync(idle)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await server.Http.DeleteAsync(idle)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task State_outlives_a_restart()
    {
        var server = await DoubleServer.StartAsync();
        await server.MintAsync("one");
        var job = server.GitHub.QueueJob("echo hi");
        await server.StopAsync();

        await using var again = await DoubleServer.StartAsync(folder: server.Folder);
        again.GitHub.Runners().Single().Name.ShouldBe("one");
        again.GitHub.FindJob(job)!.Status.ShouldBe("queued");
    }
}
