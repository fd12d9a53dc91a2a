using System.Security.Cryptography;
using Octokit;

namespace Lab.Tests.GitHub;

/// <summary>The official client library for .NET understands the double's answers.</summary>
public class OctokitReads
{
    private static GitHubClient Client(DoubleServer server) =>
        new(new ProductHeaderValue("tests"), new Uri(server.Url)) { Credentials = new(DoubleServer.AdminToken) };

    [Fact]
    public async Task Runners_page_by_page()
    {
        await using var server = await DoubleServer.StartAsync();
        for (var i = 1; i <= 3; i++)
            await server.MintAsync($"r{i}");
        var client = Client(server).Actions.SelfHostedRunners;

        var page = await client.ListAllRunnersForOrganization("acme", new ApiOptions { PageSize = 2, PageCount = 1, StartPage = 2 });
        page.TotalCount.ShouldBe(3);
        page.Runners.Single().Name.ShouldBe("r3");
        var all = await client.ListAllRunnersForOrganization("acme", new ApiOptions { PageSize = 2 });
        all.Runners.Select(r => r.Name).ShouldBe(["r1", "r2", "r3"]);
        all.Runners[0].Labels.Select(l => l.Name).ShouldBe(["self-hosted", "linux"]);
        all.Runners[0].Status.ShouldBe("offline");
        await client.DeleteOrganizationRunner("acme", all.Runners[0].Id);
        (await client.CreateOrganizationRegistrationToken("acme")).Token.Length.ShouldBe(29);
        (await Client(server).Actions.SelfHostedRunnerGroups.ListAllRunnerGroupsForOrganization("acme")).RunnerGroups.Select(g => g.Name).ShouldBe(["Default", "ci"]);
    }

    [Fact]
    public async Task Calls_that_it_has_no_method_for_go_over_its_connection()
    {
        await using var server = await DoubleServer.StartAsync();
        var connection = Client(server).Connection;
        var body = new { name = "one", runner_group_id = 1, labels = new[] { "x" } };
        var made = await connection.Post<Dictionary<string, object>>(
            new Uri("orgs/acme/actions/runners/generate-jitconfig", UriKind.Relative), body, "application/json", "application/json");
        made.Body["encoded_jit_config"].ToString()!.Length.ShouldBeGreaterThan(2000);

        var again = await Should.ThrowAsync<ApiException>(connection.Post<Dictionary<string, object>>(
            new Uri("orgs/acme/actions/runners/generate-jitconfig", UriKind.Relative), body, "application/json", "application/json"));
        again.Message.ShouldBe("Already exists - A runner with the name one already exists.");
    }

    [Fact]
    public async Task Workflows_runs_and_jobs()
    {
        await using var server = await DoubleServer.StartAsync();
        WorkflowRuns.Write(server, "canary.yml", """
            name: canary
            run-name: canary ${{ inputs.nonce }}
            on: { workflow_dispatch: { inputs: { nonce: { description: Finds the run } } } }
            jobs:
              canary:
                runs-on: self-hosted
                steps:
                  - run: echo "runner $RUNNER_NAME, repository $GITHUB_REPOSITORY"
                  - run: "true"
            """);
        var actions = Client(server).Actions;
        var workflow = (await actions.Workflows.List("acme", "widgets")).Workflows.Single(one => one.Name == "canary");
        workflow.Path.ShouldBe(".github/workflows/canary.yml");
        await actions.Workflows.CreateDispatch("acme", "widgets", "canary.yml", new CreateWorkflowDispatch("main") { Inputs = new Dictionary<string, object> { ["nonce"] = "7" } });

        var request = new WorkflowRunsRequest { Event = "workflow_dispatch", Created = $">={DateTimeOffset.UtcNow.AddMinutes(-5):yyyy-MM-ddTHH:mm:ssZ}" };
        var run = (await actions.Workflows.Runs.ListByWorkflow("acme", "widgets", "canary.yml", request)).WorkflowRuns.Single();
        run.Status.Value.ShouldBe(WorkflowRunStatus.Queued);
        run.WorkflowId.ShouldBe(workflow.Id);
        (await actions.Workflows.Runs.Get("acme", "widgets", run.Id)).DisplayTitle.ShouldBe("canary 7");

        using var runner = RunnerProcess.Start(await server.MintAsync("one"));
        await runner.ExitAsync();
        var job = (await actions.Workflows.Jobs.List("acme", "widgets", run.Id)).Jobs.Single();
        job.Conclusion!.Value.Value.ShouldBe(WorkflowJobConclusion.Success);
        job.RunnerName.ShouldBe("one");
        job.Labels.ShouldBe(["self-hosted"]);
        job.Steps.Count.ShouldBe(4);
        (await actions.Workflows.Jobs.GetLogs("acme", "widgets", job.Id)).ShouldContain("runner one, repository acme/widgets");
        await actions.Workflows.Runs.Delete("acme", "widgets", run.Id);
    }

    [Fact]
    public async Task Accounts_rate_limit_and_releases()
    {
        await using var server = await DoubleServer.StartAsync();
        var releases = Directory.CreateDirectory(Path.Combine(server.Folder, "releases")).FullName;
        foreach (var version in (string[])["2.9.0", "2.10.0"])
            await File.WriteAllTextAsync(Path.Combine(releases, $"actions-runner-linux-x64-{version}.tar.gz"), version);
        var client = Client(server);

        (await client.User.Current()).Login.ShouldBe("admin");
        (await client.Organization.Get("acme")).Login.ShouldBe("acme");
        (await client.Repository.Get("ada", "gadgets")).Owner.Type.ShouldBe(AccountType.User);
        (await client.RateLimit.GetRateLimits()).Resources.Core.Limit.ShouldBe(5000);
        (await client.Repository.Release.GetAll("actions", "runner")).Select(r => r.TagName).ShouldBe(["v2.10.0", "v2.9.0"]);
        (await client.Repository.Release.Get("actions", "runner", "v2.9.0")).Name.ShouldBe("v2.9.0");
        var asset = (await client.Repository.Release.GetLatest("actions", "runner")).Assets.Single();
        asset.Size.ShouldBe(6);
        using var http = new HttpClient();
        (await http.GetStringAsync(asset.BrowserDownloadUrl)).ShouldBe("2.10.0");
        var latest = await server.GetAsync("repos/actions/runner/releases/latest");
        latest.GetProperty("assets")[0].GetProperty("digest").GetString().ShouldBe($"sha256:{Convert.ToHexStringLower(SHA256.HashData("2.10.0"u8))}");
        await Should.ThrowAsync<NotFoundException>(client.Repository.Get("acme", "none"));
    }

    [Fact]
    public async Task Installations_and_their_tokens()
    {
        using var key = RSA.Create(2048);
        var app = new Lab.GitHub.GitHubApp(7, "Iv1.lab", key.ExportSubjectPublicKeyInfoPem(), [new(70, "acme", ["organization_self_hosted_runners:write", "metadata:read"])]);
        await using var server = await DoubleServer.StartAsync(with: o => o with { Apps = [app] });
        var client = new GitHubClient(new ProductHeaderValue("tests"), new Uri(server.Url))
        {
            Credentials = new(AppJwt.Of(key, "7", minutes: 9), AuthenticationType.Bearer),
        };

        var installation = await client.GitHubApps.GetOrganizationInstallationForCurrent("acme");
        installation.Account.Login.ShouldBe("acme");
        var token = await client.GitHubApps.CreateInstallationToken(installation.Id);
        token.ExpiresAt.ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddMinutes(55));
        (await server.As(token.Token).GetAsync("orgs/acme/actions/runners")).EnsureSuccessStatusCode();
    }
}
