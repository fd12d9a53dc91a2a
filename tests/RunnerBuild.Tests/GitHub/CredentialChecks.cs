using System.Collections.Concurrent;
using System.Security.Cryptography;
using Lab.GitHub;
using Lab.Tests.GitHub;
using RunnerBuild.Config;
using RunnerBuild.Remote;
using RunnerBuild.Remote.GitHub;

namespace RunnerBuild.Tests.GitHub;

/// <summary>A credential is looked at before anything is changed, and by calls that change nothing.</summary>
public sealed class CredentialChecks
{
    private const string Look = "GET /api/v3/orgs/acme/actions/runners";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_classic_token_is_decided_by_looking()
    {
        await using var server = await StartAsync(new AccessToken("ghp_x", "ada", ["admin:org"]), new AccessToken("ghp_less", "ada", ["repo", "read:org"]));
        using var wire = new Wire();

        await wire.Access("ghp_x").CheckAsync(HostAt(server), Cancel);
        var refused = await Should.ThrowAsync<RunnerBuildException>(wire.Access("ghp_less").CheckAsync(HostAt(server), Cancel));

        (refused.What, refused.Fix).ShouldBe(("GitHub does not show runners of orgs/acme to this credential.", "The token has repo, read:org: give it admin:org."));
        wire.Calls.ShouldBe([Look, Look]);
    }

    [Fact]
    public async Task A_token_that_GitHub_does_not_know_and_an_owner_that_is_not_there()
    {
        await using var server = await StartAsync(new AccessToken("ghp_x", "ada", AccessToken.Everything));
        using var wire = new Wire();

        var wrong = await Should.ThrowAsync<RunnerBuildException>(wire.Access("ghp_wrong").LookAsync(HostAt(server), Cancel));
        var nowhere = await Should.ThrowAsync<RunnerBuildException>(wire.Access("ghp_x").LookAsync(HostAt(server, "nobody"), Cancel));

        (wrong.What, wrong.Why.Contains("401", StringComparison.Ordinal)).ShouldBe(("GitHub does not accept the credential.", true));
        nowhere.Fix.ShouldStartWith("Check that orgs/nobody exists");
        wire.Calls.ShouldAllBe(call => call.StartsWith("GET ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_fine_grained_token_may_write_only_a_registration_token_tells()
    {
        await using var server = await StartAsync(
            new AccessToken("github_pat_reads", "ada", ["organization_self_hosted_runners:read"]), new AccessToken("github_pat_writes", "ada", ["organization_self_hosted_runners:write"]));
        using var wire = new Wire();

        await wire.Access("github_pat_reads").LookAsync(HostAt(server), Cancel);
        wire.Calls.ShouldBe([Look]);
        (await Should.ThrowAsync<RunnerBuildException>(wire.Access("github_pat_reads").CheckAsync(HostAt(server), Cancel))).Why.ShouldContain("403 Resource not accessible by personal access token");
        await wire.Access("github_pat_writes").CheckAsync(HostAt(server), Cancel);

        server.GitHub.Runners().ShouldBeEmpty();
    }

    [Fact]
    public async Task An_App_shows_what_it_may_by_the_token_that_it_asks_for()
    {
        using var key = RSA.Create(2048);
        await using var server = await DoubleServer.StartAsync(with: o => o with
        {
            Apps =
            [
                new GitHubApp(7, "Iv1.lab", key.ExportSubjectPublicKeyInfoPem(), [new(70, "acme", ["organization_self_hosted_runners:write"])]),
                new GitHubApp(8, "Iv2.lab", key.ExportSubjectPublicKeyInfoPem(), [new(80, "acme", ["organization_self_hosted_runners:read"])]),
            ],
        });
        using var wire = new Wire();

        await wire.Access(key.ExportRSAPrivateKeyPem()).CheckAsync(HostAt(server, credential: "app: { id: \"7\", key: { env: CREDENTIAL_TEST } }"), Cancel);
        var refused = await Should.ThrowAsync<RunnerBuildException>(
            wire.Access(key.ExportRSAPrivateKeyPem()).LookAsync(HostAt(server, credential: "app: { id: \"8\", key: { env: CREDENTIAL_TEST } }"), Cancel));

        refused.Fix.ShouldContain("`organization_self_hosted_runners: write`");
        wire.Calls.ShouldNotContain(call => call.EndsWith("/registration-token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_of_an_App_is_kept_until_shortly_before_its_end_and_reaches_its_repository_alone()
    {
        using var key = RSA.Create(2048);
        await using var server = await DoubleServer.StartAsync(with: o => o with
        {
            Repositories = ["acme/widgets", "acme/other"], Apps = [new GitHubApp(7, "Iv1.lab", key.ExportSubjectPublicKeyInfoPem(), [new(70, "acme", ["administration:write"])])],
        });
        using var wire = new Wire();
        var access = wire.Access(key.ExportRSAPrivateKeyPem());
        var scope = HostAt(server, repository: "acme/widgets", credential: "app: { id: \"7\", key: { env: CREDENTIAL_TEST } }").Pools[0].Scope;
        server.GitHub.SetFault("token-expiry", "2m");

        var first = (await access.TokenAsync(scope, Cancel)).Reveal();
        (await server.As(first).GetAsync("repos/acme/widgets/actions/runners")).StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        (await server.As(first).GetAsync("repos/acme/other/actions/runners")).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
        server.GitHub.SetFault("all", "off");
        var second = (await access.TokenAsync(scope, Cancel)).Reveal();

        second.ShouldNotBe(first);
        (await access.TokenAsync(scope, Cancel)).Reveal().ShouldBe(second);
        wire.Calls.Count(call => call.EndsWith("/access_tokens", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task All_hosts_of_a_scope_need_one_look()
    {
        await using var server = await StartAsync(new AccessToken("ghp_x", "ada", AccessToken.Everything));
        using var wire = new Wire();
        var access = wire.Access("ghp_x");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => access.LookAsync(HostAt(server), Cancel)));

        wire.Calls.ShouldBe([Look]);
    }

    private static Task<DoubleServer> StartAsync(params AccessToken[] tokens) => DoubleServer.StartAsync(with: o => o with { Tokens = [.. tokens] });

    private static Host HostAt(DoubleServer server, string owner = "acme", string? repository = null, string credential = "env: CREDENTIAL_TEST") => Config.Fleets.Read($$"""
        github: { {{(repository is null ? $"org: {owner}" : $"repo: {repository}")}}, url: "{{server.Url}}", credential: { {{credential}} } }
        hosts:
          h1: { address: 192.0.2.1, pools: [ { name: default, count: 2, labels: [self-hosted] } ] }
        """).Hosts[0];

    /// <summary>What goes to GitHub, and how it is asked.</summary>
    private sealed class Wire : IDisposable
    {
        private readonly GitHubHandler _handler;
        private readonly Recorder _recorder = new();

        public Wire() => _handler = new(_recorder, TimeProvider.System);

        public ConcurrentQueue<string> Calls => _recorder.Calls;

        public GitHubAccess Access(string secret) => new(new SecretStore(new Dictionary<string, string> { ["CREDENTIAL_TEST"] = secret }), _handler);

        public void Dispose() => _handler.Dispose();
    }

    private sealed class Recorder() : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        public ConcurrentQueue<string> Calls { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Calls.Enqueue($"{request.Method} {request.RequestUri!.AbsolutePath}");
            return base.SendAsync(request, cancellationToken);
        }
    }
}
