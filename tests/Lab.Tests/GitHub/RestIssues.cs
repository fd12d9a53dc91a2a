using System.Net;
using System.Net.Http.Json;
using Octokit;

namespace Lab.Tests.GitHub;

/// <summary>Issues: what Octokit reads of them, and what is refused.</summary>
public class RestIssues
{
    private static GitHubClient Client(DoubleServer server) =>
        new(new ProductHeaderValue("tests"), new Uri(server.Url)) { Credentials = new(DoubleServer.AdminToken) };

    [Fact]
    public async Task An_issue_is_opened_found_by_its_label_commented_on_and_closed()
    {
        await using var server = await DoubleServer.StartAsync();
        var issues = Client(server).Issue;
        var wanted = new NewIssue("it fails") { Body = "why" };
        wanted.Labels.Add("nightly");
        var made = await issues.Create("acme", "widgets", wanted);
        await issues.Create("acme", "widgets", new NewIssue("something else"));

        var request = new RepositoryIssueRequest { State = ItemStateFilter.Open };
        request.Labels.Add("nightly");
        var found = (await issues.GetAllForRepository("acme", "widgets", request)).ShouldHaveSingleItem();
        (found.Number, found.Title, found.Body, found.User.Login, found.HtmlUrl).ShouldBe((made.Number, "it fails", "why", "admin", $"{server.Url}/acme/widgets/issues/1"));
        (await issues.GetAllForRepository("acme", "widgets", new RepositoryIssueRequest { Creator = "nobody" })).ShouldBeEmpty();

        await issues.Comment.Create("acme", "widgets", made.Number, "again");
        (await issues.Comment.GetAllForIssue("acme", "widgets", made.Number)).ShouldHaveSingleItem().Body.ShouldBe("again");
        var closed = await issues.Update("acme", "widgets", made.Number, new IssueUpdate { State = ItemState.Closed });
        (closed.State.Value, closed.Comments, closed.ClosedBy.Login).ShouldBe((ItemState.Closed, 1, "admin"));
        (await issues.GetAllForRepository("acme", "widgets", request)).ShouldBeEmpty();
        (await issues.Update("acme", "widgets", made.Number, new IssueUpdate { State = ItemState.Open })).ClosedAt.ShouldBeNull();
    }

    [Fact]
    public async Task What_is_not_there_or_not_complete_is_refused()
    {
        await using var server = await DoubleServer.StartAsync();
        (await server.Http.PostAsJsonAsync("repos/acme/widgets/issues", new { body = "no title" })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.Http.GetAsync("repos/acme/widgets/issues/1")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Http.PostAsJsonAsync("repos/acme/none/issues", new { title = "x" })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Http.PostAsJsonAsync("repos/acme/widgets/issues", new { title = "x" })).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await server.Http.PatchAsJsonAsync("repos/acme/widgets/issues/1", new { state = "gone" })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.Http.PostAsJsonAsync("repos/acme/widgets/issues/1/comments", new { })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Only_who_may_write_opens_one_and_only_who_may_push_labels_it()
    {
        Lab.GitHub.AccessToken[] tokens = [new("github_pat_reader", "reader", ["issues:read", "metadata:read"]), new("github_pat_writer", "writer", ["issues:write", "metadata:read"])];
        await using var server = await DoubleServer.StartAsync(with: o => o with { Tokens = [.. o.Tokens, .. tokens], WithoutPush = ["writer"] });
        using var reader = server.As("github_pat_reader");
        using var writer = server.As("github_pat_writer");
        var issue = new { title = "x", labels = new[] { "nightly" } };

        (await reader.GetAsync("repos/acme/widgets/issues")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await reader.PostAsJsonAsync("repos/acme/widgets/issues", issue)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await DoubleServer.JsonAsync(await writer.PostAsJsonAsync("repos/acme/widgets/issues", issue))).GetProperty("labels").GetArrayLength().ShouldBe(0);
        (await DoubleServer.JsonAsync(await server.Http.PostAsJsonAsync("repos/acme/widgets/issues", issue))).GetProperty("labels").GetArrayLength().ShouldBe(1);
    }
}
