using System.Security.Cryptography;
using Lab.GitHub;
using Lab.Tests.GitHub;
using Microsoft.Extensions.Time.Testing;
using RunnerBuild.Config;
using RunnerBuild.Diagnosing;
using RunnerBuild.Remote;
using RunnerBuild.Remote.GitHub;

namespace RunnerBuild.Tests.GitHub;

/// <summary>What Doctor finds between a fleet and GitHub, each at a GitHub that is set up for it.</summary>
public sealed class DoctorFindings
{
    [Fact]
    public async Task A_fleet_that_is_right_has_nothing_bad()
    {
        await using var server = await StartAsync(new AccessToken("github_pat_x", "ada", ["organization_self_hosted_runners:write"]) { Expires = DateTimeOffset.UtcNow.AddDays(90) });
        var findings = await ExamineAsync(server, "github_pat_x");
        findings.Where(finding => finding.Health != Health.Good).ShouldBeEmpty();
        findings.Single(finding => finding.Subject == "credential of orgs/acme").Seen.ShouldContain("fine-grained token that acts as ada, until");
        findings.ShouldContain(finding => finding.Subject == "clock");
        findings.ShouldContain(finding => finding.Subject == "calls of orgs/acme" && finding.Seen.Contains("of 5000 are left", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_that_ends_soon_or_is_wrong()
    {
        await using var server = await StartAsync(new AccessToken("github_pat_x", "ada", ["organization_self_hosted_runners:write"]) { Expires = DateTimeOffset.UtcNow.AddDays(3) });
        (await ExamineAsync(server, "github_pat_x")).Single(finding => finding.Subject == "credential of orgs/acme").ShouldSatisfyAllConditions(
            finding => finding.Health.ShouldBe(Health.Notable), finding => finding.Seen.ShouldContain("ends in 3 days"));
        (await ExamineAsync(server, "github_pat_wrong")).First(finding => finding.Subject == "credential of orgs/acme").ShouldSatisfyAllConditions(
            finding => finding.Health.ShouldBe(Health.Bad), finding => finding.Seen.ShouldContain("401"));
        (await ExamineAsync(server, "github_pat_wrong")).ShouldNotContain(finding => finding.Subject == "calls of orgs/acme");
    }

    [Fact]
    public async Task A_permission_that_is_missing_is_named_from_the_answers()
    {
        await using var server = await StartAsync(new AccessToken("github_pat_x", "ada", ["administration:write"]), new AccessToken("ghp_x", "ada", ["repo"]));
        var fine = (await ExamineAsync(server, "github_pat_x")).Single(finding => finding.Subject == "runners of orgs/acme");
        fine.Health.ShouldBe(Health.Bad);
        fine.Seen.ShouldContain("it takes organization_self_hosted_runners=read");
        var classic = (await ExamineAsync(server, "ghp_x")).Single(finding => finding.Subject == "runners of orgs/acme");
        classic.Fix!.ShouldBe("The token has repo: give it admin:org.");
    }

    [Fact]
    public async Task A_group_that_is_not_there_and_a_budget_that_is_short()
    {
        await using var server = await DoubleServer.StartAsync(new FakeTimeProvider(new(2026, 1, 1, 10, 0, 0, TimeSpan.Zero)), o => o with { CallsAnHour = 5, Tokens = [new("ghp_x", "ada", AccessToken.Everything)] });
        var findings = await ExamineAsync(server, "ghp_x", "group: gone");
        findings.Single(finding => finding.Subject == "group gone").Seen.ShouldBe("orgs/acme has no such runner group; it has Default, ci.");
        (await ExamineAsync(server, "ghp_x")).ShouldContain(finding => finding.Health == Health.Bad && finding.Seen.Contains("GitHub limits the rate of calls", StringComparison.Ordinal));
        (await ExamineAsync(server, "ghp_x")).Single(finding => finding.Subject == "calls of orgs/acme").Seen.ShouldBe("Only 0 of 5 are left until 11:00 UTC.");
    }

    [Fact]
    public async Task Public_repositories_that_a_group_takes()
    {
        await using var server = await DoubleServer.StartAsync(with: o => o with
        {
            Tokens = [new("ghp_x", "ada", AccessToken.Everything)], Organizations = [new("acme", [new(1, "Default", true, AllowsPublic: true)])], PublicRepositories = ["acme/widgets"],
        });
        var finding = (await ExamineAsync(server, "ghp_x", "docker: none")).Single(finding => finding.Subject == "public repositories of orgs/acme");
        finding.Health.ShouldBe(Health.Notable);
        finding.Seen.ShouldContain("The group Default takes jobs of acme/widgets, which are public");
    }

    [Fact]
    public async Task Clocks_that_differ_and_a_runner_that_is_old()
    {
        await using var server = await StartAsync(new AccessToken("ghp_x", "ada", AccessToken.Everything));
        server.GitHub.SetFault("clock-skew", "5m");
        var releases = Directory.CreateDirectory(Path.Combine(server.Folder, "releases")).FullName;
        foreach (var version in (string[])["2.300.0", "2.336.0"])
            await File.WriteAllTextAsync(Path.Combine(releases, $"actions-runner-linux-x64-{version}.tar.gz"), "x");
        var findings = await ExamineAsync(server, "ghp_x");
        findings.Single(finding => finding.Subject == "clock").Seen.ShouldMatch("This machine's clock is (299|300) s behind GitHub's.");
        var runner = findings.Single(finding => finding.Subject == "runner program");
        runner.Health.ShouldBe(Health.Notable);
        runner.Seen.ShouldContain("2.300.0 is in use, 2.336.0 is the newest");
        findings.Single(finding => finding.Subject == "runner program in orgs/acme").Seen.ShouldStartWith("GitHub gives 2.300.0 jobs until ");
    }

    [Theory]
    [InlineData(10, nameof(Health.Notable), "2.300.0 is in use, 2.336.0 is the newest: GitHub gives the old one jobs until about ")]
    [InlineData(40, nameof(Health.Bad), "2.300.0 is in use, and newer ones have come out for more than 30 days, 2.336.0 the last: GitHub may give it no more jobs.")]
    public async Task The_days_of_a_runner_count_from_the_first_release_after_it(int daysSince, string health, string said)
    {
        await using var server = await StartAsync(new AccessToken("ghp_x", "ada", AccessToken.Everything));
        var releases = Directory.CreateDirectory(Path.Combine(server.Folder, "releases")).FullName;
        var first = DateTime.UtcNow.AddDays(-daysSince);
        foreach (var (version, written) in ((string, DateTime)[])[("2.299.0", first.AddDays(-90)), ("2.300.0", first.AddDays(-60)), ("2.301.0", first), ("2.336.0", DateTime.UtcNow)])
        {
            var file = Path.Combine(releases, $"actions-runner-linux-x64-{version}.tar.gz");
            await File.WriteAllTextAsync(file, "x");
            File.SetLastWriteTimeUtc(file, written);
        }

        var runner = (await ExamineAsync(server, "ghp_x")).Single(finding => finding.Subject == "runner program");
        $"{runner.Health}".ShouldBe(health);
        runner.Seen.ShouldStartWith(said);
        if (runner.Health == Health.Notable)
            runner.Seen.ShouldEndWith($"{first.AddDays(30):yyyy-MM-dd}.");
    }

    [Theory]
    [InlineData(403, 1)]
    [InlineData(502, 1)]
    [InlineData(404, 0)]
    public async Task A_date_that_GitHub_refuses_to_tell_is_not_taken_for_none(int status, int notes)
    {
        using var refusing = new Refusing((System.Net.HttpStatusCode)status);
        var scope = new GitHubScope(ScopeKind.Organization, "acme", new Uri("http://x"), new GitHubCredential.Token(new SecretReference.FromEnvironment("X")));
        var findings = await GitHubRunnerVersion.DatesAsync(scope, "2.300.0", new GitHubApi(new Uri("http://x/"), null, refusing), TestContext.Current.CancellationToken);
        findings.Count.ShouldBe(notes);
        findings.ShouldAllBe(finding => finding.Health == Health.Notable && finding.Seen == $"GitHub does not tell until when it gives 2.300.0 jobs: {status} no.");
    }

    [Fact]
    public async Task An_App_that_lacks_a_permission()
    {
        using var key = RSA.Create(2048);
        await using var server = await DoubleServer.StartAsync(with: o => o with
        {
            Apps = [new GitHubApp(7, "Iv1.lab", key.ExportSubjectPublicKeyInfoPem(), [new(70, "acme", ["metadata:read"])])],
        });
        var findings = await ExamineAsync(server, key.ExportRSAPrivateKeyPem(), credential: "app: { id: \"7\", key: { env: DOCTOR_TEST } }");
        findings.First(finding => finding.Subject == "credential of orgs/acme").Seen.ShouldBe("GitHub App 7 lacks organization_self_hosted_runners=write there.");
    }

    private sealed class Refusing(System.Net.HttpStatusCode status) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent("""{"message":"no"}""", System.Text.Encoding.UTF8, "application/json") });
    }

    private static Task<DoubleServer> StartAsync(params AccessToken[] tokens) => DoubleServer.StartAsync(with: o => o with { Tokens = [.. tokens] });

    private static async Task<IReadOnlyList<Finding>> ExamineAsync(DoubleServer server, string secret, string pool = "group: ci", string credential = "env: DOCTOR_TEST")
    {
        var releases = Directory.CreateDirectory(Path.Combine(server.Folder, "releases")).FullName;
        if (Directory.GetFiles(releases).Length == 0)
            await File.WriteAllTextAsync(Path.Combine(releases, "actions-runner-linux-x64-2.300.0.tar.gz"), "x");
        var file = Path.Combine(server.Folder, "fleet.yml");
        await File.WriteAllTextAsync(file, $$"""
            github: { org: acme, url: "{{server.Url}}", credential: { {{credential}} } }
            hosts:
              h1: { address: 192.0.2.1, pools: [ { name: default, count: 2, labels: [self-hosted, linux, x64], {{pool}} } ] }
            image:
              runner: { version: 2.300.0, sha256: { x64: {{new string('a', 64)}} } }
              source: {{server.Url}}/api/v3
            """);
        using var handler = new GitHubHandler(new SocketsHttpHandler { AllowAutoRedirect = false }, TimeProvider.System);
        return await GitHubDoctor.ExamineAsync(
            FleetFile.Read(file), new GitHubAccess(new SecretStore(new Dictionary<string, string> { ["DOCTOR_TEST"] = secret })), handler, TestContext.Current.CancellationToken);
    }
}
