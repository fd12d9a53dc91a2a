using Lab.Tests.GitHub;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Operating;
using RunnerBuild.Planning;
using RunnerBuild.Remote.GitHub;
using RunnerBuild.Tests.GitHub;
using RunnerBuild.Tests.Hosts;

namespace RunnerBuild.Tests.Nights;

/// <summary>The actions that workflows use, from GitHub to a host's folder.</summary>
public sealed class Archives_of_actions : IAsyncLifetime
{
    private static readonly ActionArchive One = new("actions/checkout", new string('a', 40)), Other = new("acme/tool", new string('b', 40));

    private DoubleServer _server = null!;
    private Clients _clients = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await DoubleServer.StartAsync(with: o => o with
        {
            Repositories = ["acme/widgets", "acme/plain", "actions/checkout", "actions/cache"], PublicRepositories = ["actions/checkout", "actions/cache"], Tokens = [.. o.Tokens, new("github_pat_runners", "ci", ["administration:write", "metadata:read"])],
        });
        _clients = new Clients(_server);
    }

    [Fact]
    public void Steps_name_actions_and_nothing_else_does() => UsedActions.In("""
        on: push
        # uses: not/this@v1
        jobs:
          one:
            runs-on: x
            steps:
              - uses: actions/checkout@v5
              - { uses: 'actions/cache/restore@0057852bfaa89a56745cba8c7296529d2fc39830' }
              - uses: actions/checkout@v5
              - uses: ./local
              - uses: docker://alpine:3
              - run: "uses: not/that@v1"
              - uses: ${{ matrix.action }}
          two: { uses: acme/shared/.github/workflows/x.yml@main }
          three: nonsense
        """).ShouldBe([new UsedAction("actions/checkout", "v5"), new UsedAction("actions/cache", "0057852bfaa89a56745cba8c7296529d2fc39830")]);

    [Theory]
    [InlineData("")]
    [InlineData("- a")]
    [InlineData("jobs: [")]
    [InlineData("jobs: { a: { steps: { uses: x/y@v1 } } }")]
    public void What_is_no_workflow_uses_nothing(string text) => UsedActions.In(text).ShouldBeEmpty();

    [Fact]
    public async Task They_are_found_resolved_and_downloaded()
    {
        var cancel = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync(Path.Combine(_server.Folder, "workflows/acme/widgets/.github/workflows/build.yml"), "on: push\njobs: { a: { runs-on: x, steps: [ { uses: Actions/Checkout@v4 }, { uses: actions/gone@v1 } ] } }\n", cancel);
        var source = Source(ScopeKind.Organization, "acme");

        (await source.RepositoriesAsync(cancel)).ShouldBe(["acme/widgets", "acme/plain"]);
        (await source.UsedAsync("acme/plain", cancel)).ShouldBeEmpty();
        (await source.UsedAsync("acme/widgets", cancel)).ShouldContain(new UsedAction("Actions/Checkout", "v4"));
        (await source.ResolveAsync(new("actions/gone", "v1"), cancel)).ShouldBeNull();
        (await source.ResolveAsync(new("actions/checkout", "no-such"), cancel)).ShouldBeNull();
        (await source.ResolveAsync(new("acme/plain", "main"), cancel)).ShouldBeNull("it is private, and jobs of other scopes would see it");
        var archive = (await source.ResolveAsync(new("Actions/Checkout", "v4"), cancel))!;
        archive.Path.ShouldMatch("^actions_checkout/[0-9a-f]{40}\\.tar\\.gz$");
        var whole = await source.DownloadAsync(archive, cancel);
        ActionSource.RequireWhole(whole);
        foreach (var part in new[] { whole[..^1], whole[..(whole.Length / 2)], whole[..20], [], "<html>too many requests</html>"u8.ToArray() })
            (Should.Throw<Exception>(() => ActionSource.RequireWhole(part)) is InvalidDataException or EndOfStreamException).ShouldBeTrue();
        await Should.ThrowAsync<RunnerBuildException>(source.DownloadAsync(archive with { Commit = new string('0', 40) }, cancel));
    }

    [Fact]
    public async Task A_credential_that_may_not_read_says_which_right_it_lacks() =>
        (await Should.ThrowAsync<RunnerBuildException>(Source(ScopeKind.Repository, "acme/widgets", "github_pat_runners").UsedAsync("acme/widgets", TestContext.Current.CancellationToken))).Fix.ShouldContain("Contents: read");

    [Theory]
    [InlineData("/actions/checkout/tarball/", true)]
    [InlineData("/acme/plain/contents/", false)]
    public async Task What_cannot_be_had_keeps_nothing_else_away(string refused, bool isWhole)
    {
        var cancel = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync(Path.Combine(_server.Folder, "workflows/acme/widgets/.github/workflows/build.yml"), "on: push\njobs: { a: { runs-on: x, steps: [ { uses: actions/checkout@v4 }, { uses: actions/cache@v4 } ] } }\n", cancel);
        using var refusing = new Refusing(_clients.Handler, refused);
        var harvest = new ActionHarvest(_ => { });

        await harvest.ReadAsync(Source(ScopeKind.Organization, "acme", handler: refusing), cancel);
        await harvest.DownloadAsync(_ => true, cancel);

        harvest.IsWhole.ShouldBe(isWhole);
        harvest.Wanted.Select(archive => archive.Repository).ShouldBe(["actions/checkout", "actions/cache"], ignoreOrder: true);
        harvest.Contents.Keys.Select(archive => archive.Repository).ShouldBe(isWhole ? ["actions/cache"] : ["actions/checkout", "actions/cache"], ignoreOrder: true);
        Should.Throw<RunnerBuildException>(harvest.RequireAll).Why.ShouldContain("No");
    }

    [Fact]
    public void A_host_gets_what_it_lacks_and_loses_what_nothing_uses()
    {
        var contents = new Dictionary<ActionArchive, byte[]> { [One] = [1] };
        var plan = ActionArchivePlan.Diff([One, Other], new HashSet<string> { Other.Path, "old_action/c.tar.gz" }, contents);
        plan.Select(change => $"{change.Sign} {change.Resource}").ShouldBe(["+ action/actions/checkout", "- action/old_action/c.tar.gz"]);
        plan[0].Steps.OfType<WriteFile>().Single().File.Path.ShouldBe($"/var/lib/github-runners-actions/actions_checkout/{One.Commit}.tar.gz");
        ActionArchivePlan.Diff([One, Other], new HashSet<string> { One.Path, Other.Path }, contents).ShouldBeEmpty();
    }

    [Fact]
    public void Only_a_host_that_wants_them_has_a_folder_and_tells_its_supervisor()
    {
        foreach (var wants in new[] { true, false })
        {
            var host = Samples.Host with { ActionArchives = wants };
            SupervisorConfiguration.Of(host, Samples.BareMachine, WantedSlot.Of(host, Samples.Image), CredentialFile.Of(host)).Contains("\"actionArchives\": \"/var/lib/github-runners-actions\"", StringComparison.Ordinal).ShouldBe(wants);
            RunnerDeployment.Of(host, Samples.BareMachine, new RunnerBuild.Remote.FileContent.Plain("x"), Samples.Image, Samples.Secrets())
                .Resources.Any(resource => resource.Id == "directory/var/lib/github-runners-actions").ShouldBe(wants);
        }
    }

    private ActionSource Source(ScopeKind kind, string name, string token = DoubleServer.AdminToken, HttpMessageHandler? handler = null)
    {
        var scope = new GitHubScope(kind, name, new Uri(_server.Url), new GitHubCredential.Token(new SecretReference.FromEnvironment("X")));
        return new(new GitHubApi(new Uri($"{_server.Url}/api/v3"), new Secret(token), handler ?? _clients.Handler), scope);
    }

    private sealed class Refusing(HttpMessageHandler wire, string path) : DelegatingHandler(wire)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            request.RequestUri!.AbsolutePath.Contains(path, StringComparison.Ordinal)
                ? Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.Forbidden) { RequestMessage = request, Content = new StringContent("{\"message\": \"No\"}") })
                : base.SendAsync(request, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _clients.Dispose();
        await _server.DisposeAsync();
    }
}
