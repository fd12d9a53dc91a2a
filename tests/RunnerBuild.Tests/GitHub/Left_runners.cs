using System.Net.Http.Json;
using Lab.Tests.GitHub;
using RunnerBuild.Applying;
using RunnerBuild.Config;
using RunnerBuild.Remote;

namespace RunnerBuild.Tests.GitHub;

/// <summary>Registrations that a host's own credential could not delete, and the fleet's can.</summary>
public sealed class Left_runners
{
    [Fact]
    public async Task A_registration_is_deleted_by_its_name_where_its_container_says_that_it_is()
    {
        await using var server = await DoubleServer.StartAsync();
        using var minted = await server.Http.PostAsJsonAsync(
            $"{server.Url}/api/v3/orgs/acme/actions/runners/generate-jitconfig",
            new { name = "old-1-a", runner_group_id = 1, labels = new[] { "x" } }, TestContext.Current.CancellationToken);
        minted.EnsureSuccessStatusCode();
        var scope = new GitHubScope(ScopeKind.Organization, "acme", new Uri(server.Url), Hosts.Samples.Credential);
        var secrets = new SecretStore(new Dictionary<string, string> { ["GITHUB_TOKEN"] = DoubleServer.AdminToken });
        var registrations = new Registrations(Hosts.Samples.Host with { Pools = [Hosts.Samples.Pool with { Scope = scope }] }, new GitHubAccess(secrets));
        var left = new LeftRunner("github-runner-1", "old-1-a", scope.Api, scope.Path, false);

        (await registrations.DeleteAsync(left, TestContext.Current.CancellationToken)).ShouldBeTrue();

        server.GitHub.Runners().ShouldBeEmpty();
        (await registrations.DeleteAsync(left, TestContext.Current.CancellationToken)).ShouldBeTrue("it is gone");
        (await Should.ThrowAsync<RunnerBuildException>(() => registrations.DeleteAsync(left with { Scope = "orgs/other" }, TestContext.Current.CancellationToken)))
            .Fix.ShouldContain("docker rm --force --volumes github-runner-1");
    }
}
