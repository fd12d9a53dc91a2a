using System.Text.Json;
using Lab.Tests.GitHub;
using RunnerBuild.Config;
using RunnerBuild.Remote.GitHub;
using RunnerBuild.Tests.GitHub;
using RunnerBuild.Verifying;

namespace RunnerBuild.Tests.Nights;

/// <summary>One issue for as long as the nights are not good.</summary>
public sealed class Issues_of_failures : IAsyncLifetime
{
    private DoubleServer _server = null!;
    private Clients _clients = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await DoubleServer.StartAsync(with: o => o with
        {
            Tokens = [.. o.Tokens, new("github_pat_reader", "reader", ["issues:read", "metadata:read"]), new("github_pat_writer", "writer", ["issues:write", "metadata:read"])], WithoutPush = ["writer"],
        });
        _clients = new Clients(_server);
    }

    [Fact]
    public async Task It_is_opened_once_updated_while_it_lasts_and_closed_by_a_good_night()
    {
        (await TellAsync(Night.Good())).ShouldBeNull();
        (await IssuesAsync()).ShouldBeEmpty();

        (await TellAsync(Night.Bad(1))).ShouldStartWith("opened ");
        (await TellAsync(Night.Bad(2, why: "no route since yesterday"))).ShouldStartWith("updated ");
        var issue = (await IssuesAsync()).ShouldHaveSingleItem();
        issue.GetProperty("body").GetString()!.ShouldContain("no route since yesterday");
        issue.GetProperty("body").GetString()!.ShouldContain("2026-03-03");
        // The same trouble tells nobody twice.
        issue.GetProperty("comments").GetInt32().ShouldBe(0);

        await TellAsync(Night.Bad(3, what: "The new image was refused."));
        (await CommentsAsync()).ShouldHaveSingleItem().ShouldContain("The new image was refused.");

        (await TellAsync(Night.Good(4))).ShouldStartWith("closed ");
        (await CommentsAsync()).Count.ShouldBe(2);
        (await IssuesAsync()).ShouldBeEmpty();
        (await TellAsync(Night.Good(5))).ShouldBeNull();

        await TellAsync(Night.Bad(6));
        (await IssuesAsync()).ShouldHaveSingleItem().GetProperty("number").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Fleets_that_share_a_repository_have_an_issue_each()
    {
        await TellAsync(Night.Bad());
        await TellAsync(Night.Bad(), fleet: "attic");
        (await IssuesAsync()).Count.ShouldBe(2);

        await TellAsync(Night.Good(1), fleet: "attic");
        (await IssuesAsync()).ShouldHaveSingleItem().GetProperty("title").GetString().ShouldBe("The nightly run of homelab fails");
    }

    [Fact]
    public async Task A_credential_that_may_not_label_is_told_at_once()
    {
        var fault = await Should.ThrowAsync<RunnerBuildException>(TellAsync(Night.Bad(), "github_pat_writer"));
        fault.What.ShouldContain("without its label");
        fault.Fix.ShouldContain("push");
    }

    [Fact]
    public async Task A_credential_that_may_not_write_says_which_right_it_lacks()
    {
        (await TellAsync(Night.Good(), "github_pat_reader")).ShouldBeNull();
        var fault = await Should.ThrowAsync<RunnerBuildException>(TellAsync(Night.Bad(), "github_pat_reader"));
        fault.Why.ShouldContain("403");
        fault.Fix.ShouldContain("Issues: read and write");
    }

    [Fact]
    public void A_report_mentions_nobody_and_is_no_html()
    {
        var text = NightlyText.Of(Night.Good() with { Checks = [Check.Of("one", "runners", false, "@ada said <b>no</b> | twice\nand more")] });
        text.ShouldNotContain("@ada");
        text.ShouldNotContain("<b>");
        text.ShouldContain("\\| twice<br>and more |");
        text.ShouldContain("**BAD**");
    }

    private Task<string?> TellAsync(NightlyReport report, string token = DoubleServer.AdminToken, string fleet = "homelab") => new FailureIssue(
        new GitHubApi(new Uri($"{_server.Url}/api/v3"), new Secret(token), _clients.Handler),
        new GitHubScope(ScopeKind.Repository, "acme/widgets", new Uri(_server.Url), new GitHubCredential.Token(new SecretReference.FromEnvironment("X"))), fleet).TellAsync(report, CancellationToken.None);

    private async Task<List<JsonElement>> IssuesAsync() => [.. (await _server.GetAsync("repos/acme/widgets/issues")).EnumerateArray()];

    private async Task<List<string>> CommentsAsync() => [.. (await _server.GetAsync("repos/acme/widgets/issues/1/comments")).EnumerateArray().Select(comment => comment.GetProperty("body").GetString()!)];

    public async ValueTask DisposeAsync()
    {
        _clients.Dispose();
        await _server.DisposeAsync();
    }
}
